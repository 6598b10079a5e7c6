import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { hashToken, isTokenShaped } from '../secrets/random-token.js';
import { ADMIN_CALLER } from './admin-caller.js';
import { type Caller, callerOf, FIND_KEY } from './find-caller.js';
import { ADMIN_OWNER, adminOwner, LONGEST_SESSION_MS, SESSION_MS } from './session-store.js';

/** Use moves a session's end on, but not at every request. */
const RENEW_STEP_MS = 10 * 60_000;

/**
 * Reads a session (KEYS[1]) and the key it belongs to; ARGV[2] is its owner if it is the environment's key. Its end moves
 * on where Redis takes that, and never past LONGEST_SESSION_MS after its start.
 */
const findScript = defineScript<
  [json: string, leftMs: number, renewed: 0 | 1, id: string] | null
>(`${FIND_KEY}
local json = redis.call('GET', KEYS[1])
if not json then return nil end
local session = string.sub(json, 1, 1) == '{' and cjson.decode(json)
local most = session and session.started_ms + ${LONGEST_SESSION_MS} - tonumber(ARGV[1]) or 0
local key = ''
if most <= 0 then
  key = nil
elseif string.sub(session.owner, 1, ${ADMIN_OWNER.length}) ~= '${ADMIN_OWNER}' then
  key = find_key(KEYS[2], KEYS[3], session.owner, ARGV[1])
elseif session.owner ~= ARGV[2] then
  key = nil
end
if not key then
  redis.call('DEL', KEYS[1])
  return nil
end
local left, fresh = redis.call('PTTL', KEYS[1]), math.min(${SESSION_MS}, most)
if fresh - left < ${RENEW_STEP_MS} then return { key, left, 0, session.id } end
session.used_ms = tonumber(ARGV[1])
redis.call('PEXPIRE', KEYS[1], fresh)
redis.pcall('SET', KEYS[1], cjson.encode(session), 'PX', fresh)
return { key, fresh, 1, session.id }`);

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
  const [json, leftMs, renewed, session_id] = found;
  const caller = json === '' ? ADMIN_CALLER : callerOf(json);
  const endsMs = ctx.now() + leftMs;
  return {
    caller: { ...caller, session_id, expires_ms: Math.min(endsMs, caller.expires_ms ?? endsMs) },
    renewed: renewed === 1,
  };
}
