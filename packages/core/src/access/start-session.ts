import { randomBytes } from 'node:crypto';
import { MAX_SESSIONS_PER_KEY } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { createToken, hashToken } from '../secrets/random-token.js';
import {
  adminOwner,
  idAt,
  LONGEST_SESSION_MS,
  luaHashOf,
  memberOf,
  SESSION_MS,
  type StoredSession,
} from './session-store.js';

/**
 * Stores a session and puts it into the index (KEYS[2]). Drops from that what is over, and of the key's other sessions the
 * oldest beyond `most`.
 */
const startScript = defineScript<null>(`
local session, index = unpack(KEYS)
local json, ttl, member, oldest, keyId, most, prefix = unpack(ARGV)
redis.call('ZREMRANGEBYLEX', index, '-', '(' .. oldest)
local all, mine = redis.call('ZRANGE', index, 0, -1), 1
for n = #all, 1, -1 do
  local other = prefix .. ${luaHashOf('all[n]')}
  local known = redis.call('GET', other)
  if not known then
    redis.call('ZREM', index, all[n])
  elseif cjson.decode(known).key_id == keyId then
    mine = mine + 1
    if mine > tonumber(most) then
      redis.call('DEL', other)
      redis.call('ZREM', index, all[n])
    end
  end
end
redis.call('SET', session, json, 'PX', ttl)
redis.call('ZADD', index, 0, member)`);

/**
 * Starts a session of an API key that has been checked, and returns its token. Only the token's hash is stored, and what
 * binds it to the key. A key has MAX_SESSIONS_PER_KEY sessions at most; one more ends the oldest.
 *
 * @param keyId the stored key's; null for the key of the environment
 */
export async function startSession(ctx: Context, apiKey: string, keyId: string | null): Promise<string> {
  const token = createToken('ahs_');
  const hash = hashToken(token);
  const now = ctx.now();
  const stored: StoredSession = {
    id: idAt(now) + randomBytes(8).toString('hex'),
    owner: keyId === null ? adminOwner(token, apiKey) : hashToken(apiKey),
    key_id: keyId ?? '',
    started_ms: now,
    used_ms: now,
  };
  await startScript(
    ctx.redis,
    [keys.session(hash), keys.sessionIndex],
    [
      JSON.stringify(stored),
      SESSION_MS,
      memberOf(stored.id, hash),
      idAt(now - LONGEST_SESSION_MS),
      stored.key_id,
      MAX_SESSIONS_PER_KEY,
      keys.sessionPrefix,
    ],
  );
  return token;
}
