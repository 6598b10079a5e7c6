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
  /** The id of the session; undefined for a key. */
  session_id?: string;
}

/** The last use is told to within this, so that not every read of a key is a write. */
const USED_STEP_MS = 60_000;

/**
 * In Lua: reads the stored key with this hash unless it has expired, and notes its use now and then, where Redis takes that:
 * one that is full has to be looked into.
 */
export const FIND_KEY = `
local function find_key(all, used, hash, now)
  local json = redis.call('HGET', all, hash)
  if not json then return nil end
  local expires = cjson.decode(json).expires_ms
  if type(expires) == 'number' and expires <= tonumber(now) then return nil end
  if now - tonumber(redis.call('HGET', used, hash) or 0) >= ${USED_STEP_MS} then
    redis.pcall('HSET', used, hash, now)
  end
  return json
end`;

const findScript = defineScript<string | null>(`${FIND_KEY}
return find_key(KEYS[1], KEYS[2], ARGV[1], ARGV[2])`);

/** Who a stored key makes its holder. */
export function callerOf(json: string): Caller {
  const { id, name, role, see_payloads, expires_ms } = JSON.parse(json) as StoredKey;
  return { role, see_payloads, key_id: id, name, expires_ms };
}

/**
 * Who an API key that is stored belongs to, in one round trip; undefined for one that is unknown, was revoked or has
 * expired. Nothing is cached, so a revocation holds from the next request on.
 */
export async function findCaller(ctx: Context, key: string): Promise<Caller | undefined> {
  if (!isTokenShaped('ahk_', key)) return undefined;
  const json = await findScript(ctx.redis, [keys.apiKeys, keys.apiKeysUsed], [hashToken(key), ctx.now()]);
  return json === null ? undefined : callerOf(json);
}
