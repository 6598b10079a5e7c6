import type { LogEntry, StepLog } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { appendLogScript } from './append-log.script.js';
import { readLogBeginningScript } from './read-log-beginning.script.js';

/** The log outlives its task's result by a day at most, even if the task itself is never swept. */
const GRACE_SECONDS = 86_400;

/** A call that is only begun may be the one that takes its worker down, so it does not count. */
const isFinishedStep = ({ type }: LogEntry): boolean =>
  type === 'prompt' || type === 'turn' || type === 'tool_finished';

/** The task runs elsewhere by now, or its log is not what this run has written; the run must end. */
export class LockLost extends Error {
  override readonly name = 'LockLost';
}

/** All entries of a task's log, in order; empty where none was written yet. */
export async function readTaskLog(ctx: Context, shard: number, taskId: string): Promise<LogEntry[]> {
  const rows = await ctx.redis.xrange(keys.taskLog(shard, taskId), '-', '+');
  return rows.map(([, [, json]]) => JSON.parse(json ?? 'null') as LogEntry);
}

/** The entries of a task's log up to a number of bytes, at least one, and whether there are more. */
export async function readLogBeginning(
  ctx: Context,
  shard: number,
  taskId: string,
  bytes: number,
): Promise<{ log: LogEntry[]; more: boolean }> {
  const log = keys.taskLog(shard, taskId);
  const [entries, more] = await readLogBeginningScript(ctx.redis, { log }, { mostBytes: bytes });
  return { log: entries.map((json) => JSON.parse(json) as LogEntry), more: more === 1 };
}

/**
 * Opens a task's log for the run that holds its lock.
 *
 * @param fresh whether this is the very first start: then there is nothing to read
 * @param onPassed given where the task has lost its worker since its last finished step: called once it has finished one
 */
export async function openTaskLog(
  ctx: Context,
  task: { shard: number; id: string; token: string; fresh: boolean; onPassed?: (() => void) | undefined },
): Promise<StepLog> {
  const { shard, id } = task;
  const redisKeys = {
    log: keys.taskLog(shard, id),
    lock: keys.jobLock(shard, id),
    events: keys.queueEvents(shard),
    job: keys.job(shard, id),
  };
  const ttlSeconds = ctx.resultTtlSeconds + GRACE_SECONDS;
  const entries = task.fresh ? [] : await readTaskLog(ctx, shard, id);
  let length = entries.length;
  let { onPassed } = task;
  const write = async (added: LogEntry[]): Promise<void> => {
    const hasPassed = onPassed !== undefined && added.some(isFinishedStep);
    const written = await appendLogScript(ctx.redis, redisKeys, {
      id,
      token: task.token,
      ttl: ttlSeconds,
      known: length,
      hasPassed,
      entries: added.map((entry) => JSON.stringify(entry)),
    });
    if (written === 0)
      throw new LockLost(`task ${id} is another worker's, or Redis has lost some of its log`);
    length += added.length;
    if (!hasPassed) return;
    onPassed?.();
    onPassed = undefined;
  };
  let last: Promise<void> = Promise.resolve();
  return {
    entries,
    // One after the other, calls of tools that run at the same time too: each has to know how long the log is.
    append: (...added) => {
      const written = last.then(() => write(added));
      last = written.catch(() => {});
      return written;
    },
  };
}
