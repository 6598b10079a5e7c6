import { ToolError } from './tool.js';

/**
 * Encryption modes, as in libpq's `sslmode`: `require` encrypts and trusts any certificate, `verify-ca`
 * requires one signed by a known authority, `verify-full` also requires the right host. `prefer` is libpq's
 * default.
 */
type TlsMode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

export interface PostgresAddress {
  /** A name or an address; IPv6 without brackets. */
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  tls: TlsMode;
  /** Server options that some hosts require: `endpoint=…`. */
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
 * Parses a PostgreSQL connection URL (libpq, 34.1.1.2). Only the fields above are supported: the usual
 * parsers also read certificate files, environment variables and socket folders of their machine, which
 * editors of agents must not control. Throws ToolError, which never quotes the URL.
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
  if (!host) throw wrong('it has no host');
  const user = decodeURIComponent(url.username);
  if (!user) throw wrong('it has no user');
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
