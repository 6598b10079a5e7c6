import type { ListedSession } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { ADMIN_CALLER } from './admin-caller.js';
import { type Caller, callerOf } from './find-caller.js';
import { ADMIN_OWNER, isSessionId, luaHashOf, type StoredSession } from './session-store.js';

/**
 * Sessions before a place in the index (KEYS[1]), newest first, of one key or ('*') of all: what is stored, what is left of
 * it in ms, and its stored key (KEYS[2]; '' for the environment's). What is over, or whose key is gone, is left out.
 */
const pageScript = defineScript<[session: string, leftMs: number, key: string][]>(`
local from, limit, prefix, keyId = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local page = {}
for _, member in ipairs(redis.call('ZREVRANGEBYLEX', KEYS[1], from, '-')) do
  if #page == limit then break end
  local name = prefix .. ${luaHashOf('member')}
  local json = redis.call('GET', name)
  local session = json and cjson.decode(json)
  if session and (keyId == '*' or session.key_id == keyId) then
    local isAdmin = string.sub(session.owner, 1, ${ADMIN_OWNER.length}) == '${ADMIN_OWNER}'
    local key = isAdmin and '' or redis.call('HGET', KEYS[2], session.owner)
    if key then page[#page + 1] = { json, redis.call('PTTL', name), key } end
  end
end
return page`);

/**
 * A page of sessions, newest first: an admin sees all, others those of their own key. `cursor` is the `next_cursor` of the
 * page before. Throws `invalid_request`.
 */
export async function listSessions(
  ctx: Context,
  caller: Caller,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<{ sessions: ListedSession[]; next_cursor: string | null }> {
  if (cursor !== undefined && !isSessionId(cursor))
    throw new AppError('invalid_request', 'cursor must be the next_cursor of an earlier answer, unchanged.');
  const whose = caller.role === 'admin' ? '*' : (caller.key_id ?? '');
  const args = [cursor === undefined ? '+' : `(${cursor}`, limit + 1, keys.sessionPrefix, whose];
  const rows = await pageScript(ctx.redis, [keys.sessionIndex, keys.apiKeys], args);
  const sessions = rows.slice(0, limit).map(([json, leftMs, key]) => shownAs(ctx, caller, json, leftMs, key));
  return { sessions, next_cursor: rows.length > limit ? (sessions.at(-1)?.id ?? null) : null };
}

function shownAs(ctx: Context, caller: Caller, json: string, leftMs: number, key: string): ListedSession {
  const { id, started_ms, used_ms } = JSON.parse(json) as StoredSession;
  const { name, role, key_id, expires_ms } = key === '' ? ADMIN_CALLER : callerOf(key);
  const endsMs = ctx.now() + leftMs;
  return {
    id,
    name,
    role,
    key_id,
    started_at: new Date(started_ms).toISOString(),
    last_used_at: new Date(used_ms).toISOString(),
    expires_at: new Date(Math.min(endsMs, expires_ms ?? endsMs)).toISOString(),
    current: id === caller.session_id,
  };
}
