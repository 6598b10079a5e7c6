import type { LogEntry } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { LOG_ENTRY_FIELD } from '../queue/job.js';
import { keys } from '../redis/keys.js';
import { transact } from '../redis/transact.js';
import { logSeconds, storedEntry } from './task-log.js';

/** How many characters of entries one command writes at most. Redis does nothing else meanwhile. */
const AT_ONCE = 256 * 1024;

/**
 * Writes the beginning of the journal of a task that is about to be stored. If the task is not stored, the
 * journal expires.
 */
export async function beginJournal(
  ctx: Context,
  shard: number,
  taskId: string,
  entries: readonly LogEntry[],
): Promise<void> {
  const log = keys.taskLog(shard, taskId);
  let part: string[] = [];
  let size = 0;
  const write = async () => {
    await transact(ctx.redis, (batch) => {
      for (const json of part) batch.xadd(log, '*', LOG_ENTRY_FIELD, json);
      return batch.expire(log, logSeconds(ctx));
    });
    part = [];
    size = 0;
  };
  for (const entry of entries) {
    const json = await storedEntry(ctx, entry);
    part.push(json);
    size += json.length;
    if (size > AT_ONCE) await write();
  }
  if (size > 0) await write();
}
