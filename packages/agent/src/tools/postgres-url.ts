import { ToolError } from './tool.js';

/**
 * How a connection is encrypted, as libpq's `sslmode` has it: `require` encrypts and trusts any certificate, `verify-ca`
 * wants one that a known authority signed, `verify-full` one for this very host. `prefer` is libpq's default.
 */
type TlsMode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

export interface PostgresAddress {
  /** A name, or an address; IPv6 without brackets. */
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  tls: TlsMode;
  /** Server options, which some hosts want: `endpoint=…`. */
  options: string | undefined;
}

const MODES: Record<string, TlsMode> = {
  disable: 'disable',
  allow: 'prefer',
  prefer: 'prefer',
  require: 'require',
  'no-verify': 'require',
  'verify-ca': 'verify-ca',
  'verify-full': 'verify-full',
};

const wrong = (why: string) =>
  new ToolError(`secrets.url is not usable: ${why}. Write postgres://user:password@host:5432/database.`);

/**
 * Reads a PostgreSQL connection URL (libpq, 34.1.1.2). Only what is listed above is taken from it: the usual parsers also
 * read certificate files, environment variables and socket folders of the machine that they run on, and whoever edits
 * an agent may not choose those. Throws ToolError, which never quotes the URL.
 */
export function parsePostgresUrl(text: string | undefined): PostgresAddress {
  if (!text) throw wrong('it is not set');
  try {
    return read(new URL(text.trim()));
  } catch (error) {
    if (error instanceof ToolError) throw error;
    throw wrong('it is not a URL; characters such as / and # in a password must be percent-encoded');
  }
}

function read(url: URL): PostgresAddress {
  if (!/^postgres(ql)?:$/.test(url.protocol)) throw wrong('it does not start with postgres://');
  const host = decodeURIComponent(url.hostname.replace(/^\[|\]$/g, ''));
  if (!host) throw wrong('it names no host');
  const user = decodeURIComponent(url.username);
  if (!user) throw wrong('it names no user');
  const mode = url.searchParams.get('sslmode') ?? 'prefer';
  const tls = MODES[mode];
  if (!tls) throw wrong(`sslmode must be one of ${Object.keys(MODES).join(', ')}`);
  return {
    host,
    port: Number(url.port || 5432),
    user,
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || user,
    tls,
    options: url.searchParams.get('options') ?? undefined,
  };
}
