import { iso, type ListedSession } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { badCursor } from '../errors.js';
import { keys } from '../redis/keys.js';
import { readRow } from '../redis/stored-row.js';
import { ADMIN_CALLER } from './admin-caller.js';
import { type Caller, callerOf } from './find-caller.js';
import { listSessionsScript } from './list-sessions.script.js';
import { isSessionId, SESSION } from './session-store.js';

/** How many pages are read at most for one that has room, because sessions on them are damaged. */
const MOST_READS = 10;

/**
 * A page of sessions, newest first. It may be shorter where many are damaged. An admin sees all sessions,
 * others those of their own key. `cursor` is the previous page's `next_cursor`. Throws `invalid_request`.
 */
export async function listSessions(
  ctx: Context,
  caller: Caller,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<{ sessions: ListedSession[]; next_cursor: string | null }> {
  if (cursor !== undefined && !isSessionId(cursor)) throw badCursor();
  const whose = caller.role === 'admin' ? '*' : (caller.key_id ?? '');
  const sessions: ListedSession[] = [];
  let last = cursor;
  // A damaged session leaves its place on a page to the next one.
  for (let read = 0; read < MOST_READS; read++) {
    const rows = await listSessionsScript(
      ctx.redis,
      { index: keys.sessionIndex, apiKeys: keys.apiKeys },
      {
        from: last === undefined ? '+' : `(${last}`,
        limit: limit + 1,
        prefix: keys.sessionPrefix,
        keyId: whose,
      },
    );
    for (const [n, row] of rows.slice(0, limit).entries()) {
      [last] = row;
      const session = shownAs(ctx, caller, row);
      if (session) sessions.push(session);
      if (sessions.length === limit) return { sessions, next_cursor: n + 1 < rows.length ? last : null };
    }
    if (rows.length <= limit) return { sessions, next_cursor: null };
  }
  return { sessions, next_cursor: last ?? null };
}

type Row = Awaited<ReturnType<typeof listSessionsScript>>[number];

function shownAs(ctx: Context, caller: Caller, [id, json, leftMs, key]: Row): ListedSession | undefined {
  const session = readRow(ctx, SESSION, json, id);
  const owner = key === '' ? ADMIN_CALLER : callerOf(ctx, key);
  if (!session || !owner) return undefined;
  const { started_ms, used_ms } = session;
  const { name, role, key_id, expires_ms } = owner;
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
