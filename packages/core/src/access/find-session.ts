import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { hashToken, isTokenShaped } from '../secrets/random-token.js';
import { ADMIN_CALLER } from './admin-caller.js';
import { type Caller, callerOf, FIND_KEY } from './find-caller.js';
import { ADMIN_OWNER, adminOwner, SESSION_MS } from './session-store.js';

/** Use moves a session's end on, but not at every request. */
const RENEW_STEP_MS = 10 * 60_000;

/** Reads a session (KEYS[1]) and the key it belongs to; ARGV[2] is its owner if it is the environment's key. */
const findScript = defineScript<[json: string, leftMs: number, renewed: 0 | 1] | null>(`${FIND_KEY}
local owner = redis.call('GET', KEYS[1])
if not owner then return nil end
local json = ''
if string.sub(owner, 1, ${ADMIN_OWNER.length}) ~= '${ADMIN_OWNER}' then
  json = find_key(KEYS[2], KEYS[3], owner, ARGV[1])
elseif owner ~= ARGV[2] then
  json = nil
end
if not json then
  redis.call('DEL', KEYS[1])
  return nil
end
local left = redis.call('PTTL', KEYS[1])
if left > ${SESSION_MS - RENEW_STEP_MS} then return { json, left, 0 } end
redis.call('PEXPIRE', KEYS[1], ${SESSION_MS})
return { json, ${SESSION_MS}, 1 }`);

/**
 * Whose session a token stands for, in one round trip; undefined when it has ended, or the key it was started with has.
 * `renewed` when its end was moved on.
 *
 * @param adminApiKey the key of the environment as it is now
 */
export async function findSession(
  ctx: Context,
  token: string,
  adminApiKey: string,
): Promise<{ caller: Caller; renewed: boolean } | undefined> {
  if (!isTokenShaped('ahs_', token)) return undefined;
  const found = await findScript(
    ctx.redis,
    [keys.session(hashToken(token)), keys.apiKeys, keys.apiKeysUsed],
    [ctx.now(), adminOwner(token, adminApiKey)],
  );
  if (!found) return undefined;
  const [json, leftMs, renewed] = found;
  const caller = json === '' ? ADMIN_CALLER : callerOf(json);
  const endsMs = ctx.now() + leftMs;
  return {
    caller: { ...caller, expires_ms: Math.min(endsMs, caller.expires_ms ?? endsMs) },
    renewed: renewed === 1,
  };
}
