import { iso, type ListedSession } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { badCursor } from '../errors.js';
import { keys } from '../redis/keys.js';
import { ADMIN_CALLER } from './admin-caller.js';
import { type Caller, callerOf } from './find-caller.js';
import { listSessionsScript } from './list-sessions.script.js';
import { isSessionId, type StoredSession } from './session-store.js';

/**
 * A page of sessions, newest first. An admin sees all sessions, others those of their own key. `cursor` is
 * the previous page's `next_cursor`. Throws `invalid_request`.
 */
export async function listSessions(
  ctx: Context,
  caller: Caller,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<{ sessions: ListedSession[]; next_cursor: string | null }> {
  if (cursor !== undefined && !isSessionId(cursor)) throw badCursor();
  const whose = caller.role === 'admin' ? '*' : (caller.key_id ?? '');
  const rows = await listSessionsScript(
    ctx.redis,
    { index: keys.sessionIndex, apiKeys: keys.apiKeys },
    {
      from: cursor === undefined ? '+' : `(${cursor}`,
      limit: limit + 1,
      prefix: keys.sessionPrefix,
      keyId: whose,
    },
  );
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
    started_at: iso(started_ms),
    last_used_at: iso(used_ms),
    expires_at: iso(Math.min(endsMs, expires_ms ?? endsMs)),
    current: id === caller.session_id,
  };
}
