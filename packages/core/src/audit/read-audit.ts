import { type AuditEntry, type AuditList, MAX_AUDIT_ENTRIES } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { type RowKind, readRow } from '../redis/stored-row.js';

export const AUDIT_ENTRY: RowKind<AuditEntry> = {
  name: 'audit entry',
  fields: { at: 'string', actor: 'object', action: 'string', object: 'object' },
};

/** How many entries one command reads. Redis does nothing else meanwhile. */
const AT_ONCE = 500;

export interface AuditFilter {
  actor?: string | undefined;
  action?: string | undefined;
  object?: string | undefined;
  /** In ms since the epoch. */
  fromMs?: number | undefined;
  toMs?: number | undefined;
}

/**
 * A page of the audit log, newest first, after `cursor`. Looks on until the page is full, or the log ends.
 */
export async function readAudit(
  ctx: Context,
  filter: AuditFilter,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<AuditList> {
  const entries: AuditEntry[] = [];
  // An id of Redis begins at 0; times do not.
  const oldest = String(Math.max(0, filter.fromMs ?? 0));
  let newest = cursor === undefined ? '+' : `(${cursor}`;
  for (let seen = 0; seen < MAX_AUDIT_ENTRIES * 2; seen += AT_ONCE) {
    const rows = await ctx.redis.xrevrange(keys.audit, newest, oldest, 'COUNT', AT_ONCE);
    for (const [id, [, json = '']] of rows) {
      const entry = readRow(ctx, AUDIT_ENTRY, json, id);
      if (!entry || !matches(entry, filter)) continue;
      entries.push(entry);
      if (entries.length === limit) return { entries, next_cursor: id };
    }
    const last = rows.at(-1)?.[0];
    if (rows.length < AT_ONCE || last === undefined) break;
    newest = `(${last}`;
  }
  return { entries, next_cursor: null };
}

function matches({ actor, action, object, at }: AuditEntry, filter: AuditFilter): boolean {
  const who = [actor.key_id, actor.name, actor.session_id];
  const what = [object.id, object.type];
  const ms = Date.parse(at);
  return (
    (filter.actor === undefined || who.includes(filter.actor)) &&
    (filter.action === undefined || action === filter.action) &&
    (filter.object === undefined || what.includes(filter.object)) &&
    ms >= (filter.fromMs ?? 0) &&
    ms <= (filter.toMs ?? Number.POSITIVE_INFINITY)
  );
}
