import type { LogEntry, StepLog } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { EVENT_STREAM_LENGTH, LOG_ENTRY_FIELD, LOGGED_EVENT } from '../queue/job.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';

/** The log outlives its task's result by a day at most, even if the task itself is never swept. */
const GRACE_SECONDS = 86_400;

/**
 * Appends only while the caller holds the job's lock: a worker that was taken for dead must not write into a run that
 * goes on elsewhere. And only where the log is as long as the caller knows it: a command whose answer was lost with the
 * connection is sent again, and a turn that stood there twice would have its tool calls made twice in the next attempt.
 * With ARGV[5] the run is one whose last one lost its worker: the step at which that died is passed, and the count is set
 * back. Returns 1, or 0 when the lock is another's or the log is not what the caller has written.
 */
const appendScript = defineScript<0 | 1>(`
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
local length, known = redis.call('XLEN', KEYS[1]), tonumber(ARGV[4])
if length ~= known then return length == known + #ARGV - 5 and 1 or 0 end
if ARGV[5] == '1' then redis.call('HDEL', KEYS[4], 'stc') end
for i = 6, #ARGV do redis.call('XADD', KEYS[1], '*', '${LOG_ENTRY_FIELD}', ARGV[i]) end
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ${EVENT_STREAM_LENGTH}, '*', 'event', '${LOGGED_EVENT}', 'jobId', ARGV[3])
return 1`);

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

/** The entries of a log up to ARGV[1] bytes of them, at least one, and whether there are more. */
const beginningScript = defineScript<[string[], 0 | 1]>(`
local from, entries, bytes = '-', {}, 0
repeat
  local page = redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', 50)
  for _, entry in ipairs(page) do
    bytes = bytes + #entry[2][2]
    if #entries > 0 and bytes > tonumber(ARGV[1]) then return { entries, 1 } end
    entries[#entries + 1] = entry[2][2]
    from = '(' .. entry[1]
  end
until #page < 50
return { entries, 0 }`);

/** The entries of a task's log up to a number of bytes, at least one, and whether there are more. */
export async function readLogBeginning(
  ctx: Context,
  shard: number,
  taskId: string,
  bytes: number,
): Promise<{ log: LogEntry[]; more: boolean }> {
  const [entries, more] = await beginningScript(ctx.redis, [keys.taskLog(shard, taskId)], [bytes]);
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
  const redisKeys = [keys.taskLog(shard, id), keys.jobLock(shard, id), keys.queueEvents(shard)];
  redisKeys.push(keys.job(shard, id));
  const ttlSeconds = ctx.resultTtlSeconds + GRACE_SECONDS;
  const entries = task.fresh ? [] : await readTaskLog(ctx, shard, id);
  let length = entries.length;
  let { onPassed } = task;
  const write = async (added: LogEntry[]): Promise<void> => {
    const rows = added.map((entry) => JSON.stringify(entry));
    const hasPassed = onPassed !== undefined && added.some(isFinishedStep);
    const args = [task.token, ttlSeconds, id, length, hasPassed ? 1 : 0, ...rows];
    const written = await appendScript(ctx.redis, redisKeys, args);
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
