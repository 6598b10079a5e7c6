import type { LogEntry, StepLog } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';

/** The log outlives its task's result by a day at most, even if the task itself is never swept. */
const GRACE_SECONDS = 86_400;

/**
 * Appends only while the caller holds the job's lock: a worker that was taken for dead must not write into a run that
 * goes on elsewhere. Returns 1, or 0 when the lock is another's.
 */
const appendScript = defineScript<0 | 1>(`
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
for i = 3, #ARGV do redis.call('XADD', KEYS[1], '*', 'e', ARGV[i]) end
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1`);

/** The task runs elsewhere by now; this run must end. */
export class LockLost extends Error {
  override readonly name = 'LockLost';
}

/** All entries of a task's log, in order; empty where none was written yet. */
export async function readTaskLog(ctx: Context, shard: number, taskId: string): Promise<LogEntry[]> {
  const rows = await ctx.redis.xrange(keys.taskLog(shard, taskId), '-', '+');
  return rows.map(([, [, json]]) => JSON.parse(json ?? 'null') as LogEntry);
}

/**
 * Opens a task's log for the run that holds its lock.
 *
 * @param fresh whether this is the very first start: then there is nothing to read
 */
export async function openTaskLog(
  ctx: Context,
  task: { shard: number; id: string; token: string; fresh: boolean },
): Promise<StepLog> {
  const redisKeys = [keys.taskLog(task.shard, task.id), keys.jobLock(task.shard, task.id)];
  const ttlSeconds = ctx.resultTtlSeconds + GRACE_SECONDS;
  return {
    entries: task.fresh ? [] : await readTaskLog(ctx, task.shard, task.id),
    append: async (...entries) => {
      const written = await appendScript(ctx.redis, redisKeys, [
        task.token,
        ttlSeconds,
        ...entries.map((entry) => JSON.stringify(entry)),
      ]);
      if (written === 0) throw new LockLost(`the lock on task ${task.id} is another worker's`);
    },
  };
}
