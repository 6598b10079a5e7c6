import { refusesForNow } from './unavailable.js';

/** Codes of OpenSSL and Node that name a fault of a certificate or of the protocol. */
const TLS = /^(ERR_TLS_|ERR_SSL_|EPROTO|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/;
/** Redis ends its quotation of a command, which may contain a password or a stored value. */
const QUOTED = /,? with args beginning with:.*$/s;
/** The parser of ioredis about an answer in another protocol. */
const NOT_REDIS = /^(Unknown RESP type|Protocol error)/;
/** What to do about a command that Redis does not know. */
export const RENAMED = 'Give it its name back (rename-command in redis.conf), or use Redis 6.2 or newer.';
const WAITS = /^(ERR max number of clients|MAXCLIENTS)/;

/** An error of Redis for people, without what Redis quotes of the command. */
export const withoutQuotes = (message: string): string => message.replace(QUOTED, '');

/**
 * One line about an error that ends the start, because waiting does not help: Redis refuses a step of the
 * handshake, or it is not Redis that answers. Undefined if Redis may accept the connection later.
 *
 * @param at the address of Redis
 * @param db the database that was asked for
 */
export function refusedStart(error: Error, at: string, db: number): string | undefined {
  const { code = '' } = error as NodeJS.ErrnoException;
  const said = withoutQuotes(error.message).replace(/\.$/, '');
  if (TLS.test(code))
    return `TLS with Redis at ${at} failed: ${said}. Check its certificate; NODE_EXTRA_CA_CERTS names others.`;
  if (NOT_REDIS.test(said))
    return `What answers at ${at} is not Redis. Set REDIS_URL, with rediss:// for TLS.`;
  if (error.name !== 'ReplyError' || refusesForNow(error) || WAITS.test(said)) return undefined;
  if (/^(WRONGPASS|NOAUTH)|\bAUTH\b/.test(said))
    return `Redis at ${at} refuses the login: ${said.replace(/^NOAUTH HELLO .*/, 'NOAUTH, it wants a password')}. Put the right user and password into REDIS_URL.`;
  if (/\bDB index\b|\bSELECT\b/i.test(said))
    return `Redis at ${at} has no database ${db} for us: ${said}. Set another in REDIS_URL.`;
  const unknown = /^ERR unknown command '(\w+)'/i.exec(said)?.[1]?.toUpperCase();
  if (unknown !== undefined) return `Redis at ${at} does not know ${unknown}. ${RENAMED}`;
  return `Redis at ${at} refuses the connection: ${said}.`;
}
