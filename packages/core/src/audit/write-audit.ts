import { randomUUID } from 'node:crypto';
import { AUDIT_DAYS, type AuditEntry, iso, MAX_AUDIT_ENTRIES } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { DAY_MS } from '../queue/spend-hash.js';
import { keys } from '../redis/keys.js';
import { endAuditScript } from './end-audit.script.js';
import { fingerprint } from './fingerprint.js';

/** After which time a change has not ended because its process died, in ms. */
const DEAD_MS = 600_000;

/** What is known before a change. */
export type AuditedChange = Pick<AuditEntry, 'actor' | 'action' | 'object' | 'details'>;

/** An entry of a change that is being made. */
export interface OpenAudit {
  entry: Omit<AuditEntry, 'outcome'>;
  /** Whether Redis has it. */
  isStored: boolean;
}

/**
 * Notes that a change is about to be made. If the process dies meanwhile, the log has the entry with the
 * outcome `unknown`. The audit log never keeps a change from being made: if Redis does not store the entry,
 * it goes to this process's log as an error.
 */
export async function beginAudit(ctx: Context, change: AuditedChange): Promise<OpenAudit> {
  const id = randomUUID();
  const at = ctx.now();
  const before = await fingerprint(ctx, change.object).catch(() => null);
  const entry = { id, at: iso(at), ...change, before, after: null };
  try {
    await ctx.redis.hset(keys.openAudits, id, `${at} ${JSON.stringify({ ...entry, outcome: 'unknown' })}`);
    return { entry, isStored: true };
  } catch (error) {
    ctx.log.error({ err: error, audit: entry }, 'an audit entry could not be stored before its change');
    return { entry, isStored: false };
  }
}

/**
 * Ends the entry of a change.
 *
 * @param end undefined if nothing was changed: the entry is dropped. `object_id` is that of a new object
 */
export async function endAudit(
  ctx: Context,
  { entry, isStored }: OpenAudit,
  end: { outcome: 'done' | 'failed'; object_id?: string | undefined } | undefined,
): Promise<void> {
  if (!end && !isStored) return;
  const object = { ...entry.object, id: entry.object.id ?? end?.object_id ?? null };
  const after = end ? await fingerprint(ctx, object).catch(() => null) : null;
  const whole = end ? { ...entry, object, after, outcome: end.outcome } : undefined;
  try {
    await endAuditScript(
      ctx.redis,
      { open: keys.openAudits, log: keys.audit },
      {
        id: entry.id,
        entry: whole ? JSON.stringify(whole) : '',
        most: MAX_AUDIT_ENTRIES,
        keepMs: AUDIT_DAYS * DAY_MS,
        deadMs: DEAD_MS,
      },
    );
  } catch (error) {
    ctx.log.error({ err: error, audit: whole ?? entry }, 'an audit entry could not be completed');
  }
}
