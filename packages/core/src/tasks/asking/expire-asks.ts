import { type AskedEntry, type DecidedEntry, iso, type LogEntry } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { keys } from '../../redis/keys.js';
import type { HeldTask } from '../run-alone.js';
import { storedEntry } from '../task-log.js';
import { expireAsksScript } from './expire-asks.script.js';

/** The asks of a journal that nobody has decided yet. */
function openAsks(log: readonly LogEntry[]): AskedEntry[] {
  const decided = new Set(log.flatMap((entry) => (entry.type === 'decided' ? [entry.call] : [])));
  return log.filter((entry) => entry.type === 'asked').filter(({ call }) => !decided.has(call));
}

/**
 * Ends the asks of a running task whose time is over by Redis's clock. Returns whether the journal may have
 * grown since it was read.
 */
export async function expireAsks(
  ctx: Context,
  { shard, id, token }: HeldTask,
  log: readonly LogEntry[],
  attempt: number,
): Promise<boolean> {
  const open = openAsks(log);
  if (open.length === 0) return false;
  const at = iso(ctx.now());
  const ended = await expireAsksScript(
    ctx.redis,
    {
      log: keys.taskLog(shard, id),
      lock: keys.jobLock(shard, id),
      events: keys.queueEvents(shard),
      job: keys.job(shard, id),
      asking: keys.asking(shard),
    },
    {
      id,
      token,
      ends: await Promise.all(
        open.map(async ({ call, call_id }) => {
          const entry: DecidedEntry = { type: 'decided', at, attempt, call, decision: 'expire', by: null };
          return { call: call_id, entry: await storedEntry(ctx, entry) };
        }),
      ),
    },
  );
  return ended > 0;
}
