import type { Role } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { hashToken, isTokenShaped } from '../secrets/random-token.js';
import type { StoredKey } from './stored-key.js';

/** Who makes a request, and what they may. */
export interface Caller {
  role: Role;
  /** Whether payloads and what became of them are shown. */
  see_payloads: boolean;
  /** null for the key of the environment, which is not stored. */
  key_id: string | null;
  name: string;
  /** When the credential ends, in ms since the epoch; null: not by itself. */
  expires_ms: number | null;
}

/** The last use is told to within this, so that not every read of a key is a write. */
const USED_STEP_MS = 60_000;

/** Reads a key that has not expired (KEYS[1], its hash ARGV[1]), and notes its use now and then. */
const findScript = defineScript<string | null>(`
local json = redis.call('HGET', KEYS[1], ARGV[1])
if not json then return nil end
local now, expires = tonumber(ARGV[2]), cjson.decode(json).expires_ms
if type(expires) == 'number' and expires <= now then return nil end
if now - tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or 0) >= tonumber(ARGV[3]) then
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
end
return json`);

/**
 * Who an API key that is stored belongs to, in one round trip; undefined for one that is unknown, was revoked or has
 * expired. Nothing is cached, so a revocation holds from the next request on.
 */
export async function findCaller(ctx: Context, key: string): Promise<Caller | undefined> {
  if (!isTokenShaped('ahk_', key)) return undefined;
  const json = await findScript(
    ctx.redis,
    [keys.apiKeys, keys.apiKeysUsed],
    [hashToken(key), ctx.now(), USED_STEP_MS],
  );
  if (json === null) return undefined;
  const { id, name, role, see_payloads, expires_ms } = JSON.parse(json) as StoredKey;
  return { role, see_payloads, key_id: id, name, expires_ms };
}
