import { sleep } from '@agenthook/async';
import type { LogEntry, TaskState } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { NOTE_END } from '../queue/index-scripts.js';
import { CANCELLED_FIELD, EVENT_STREAM_LENGTH, FIRST_STARTED_FIELD } from '../queue/job.js';
import { shardOf } from '../queue/task-id.js';
import { keys, shardPrefix } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { CANCELLED, failureFromLog } from './failure-from-log.js';
import { taskStatus, unknownTask } from './status.js';
import { readTaskLog } from './task-log.js';

/** How long a cancel waits for a worker to let go of its run, and how often it looks, in ms. */
const PATIENCE_MS = 2_000;
const LOOK_MS = 100;

/** How long workers are told of a running task that is to stop, in ms: a worker that is away for longer has lost it. */
const TELL_MS = 60_000;

/**
 * Ends a task that no worker holds, or marks one that a worker holds, in one step: no worker can take it in between.
 *
 * What BullMQ's own moveToFinished leaves behind, for a job that need not be active: its id in `failed`, and `finishedOn`
 * and `failedReason` in its hash, with the event. `atm` becomes the attempt that the status showed last. The failure was
 * made from the log, so a log that has grown since is answered `changed`.
 */
const cancelScript = defineScript<'unknown' | 'finished' | 'held' | 'changed' | 'ended'>(`
${NOTE_END}
local job, lock, log, cancelling, failed, events, stalled = unpack(KEYS, 1, 7)
local delayed, prioritized, wait, paused, active = unpack(KEYS, 8, 12)
local id, now, failure, seen, length, tell, root = unpack(ARGV)
local row = redis.call('HMGET', job, 'timestamp', 'finishedOn', '${FIRST_STARTED_FIELD}', 'atm')
if not row[1] then return 'unknown' end
if row[2] then
  redis.call('ZREM', cancelling, id)
  return 'finished'
end
local held = redis.call('EXISTS', lock) == 1
if not held and redis.call('XLEN', log) ~= tonumber(seen) then return 'changed' end
local from
if held then from = nil
elseif redis.call('ZREM', delayed, id) == 1 then from = 'delayed'
elseif redis.call('ZREM', prioritized, id) == 1 then from = 'prioritized'
elseif redis.call('LREM', wait, 1, id) == 1 then from = 'waiting'
elseif redis.call('LREM', paused, 1, id) == 1 then from = 'paused'
elseif redis.call('LREM', active, 1, id) == 1 then from = 'active'
end
if not from then
  redis.call('HSETNX', job, '${CANCELLED_FIELD}', now)
  redis.call('ZREMRANGEBYSCORE', cancelling, '-inf', tonumber(now) - tonumber(tell))
  redis.call('ZADD', cancelling, 'NX', now, id)
  redis.call('PEXPIRE', cancelling, tell)
  return 'held'
end
redis.call('SREM', stalled, id)
redis.call('ZREM', cancelling, id)
local made = tonumber(row[4] or 0)
if row[3] then
  if from ~= 'delayed' then made = made + 1 elseif made == 0 then made = 1 end
  redis.call('HSET', job, 'atm', made)
end
redis.call('HDEL', job, 'defa')
redis.call('HSET', job, 'finishedOn', now, 'failedReason', failure)
redis.call('ZADD', failed, now, id)
noteEnd(job, id, 'FAILURE', root)
redis.call('XADD', events, 'MAXLEN', '~', length, '*', 'event', 'failed', 'jobId', id, 'prev', from)
return 'ended'`);

function tryCancel(ctx: Context, shard: number, taskId: string, log: readonly LogEntry[]) {
  const places = [
    keys.job(shard, taskId),
    keys.jobLock(shard, taskId),
    keys.taskLog(shard, taskId),
    keys.cancelling(shard),
    keys.failedJobs(shard),
    keys.queueEvents(shard),
    keys.stalledJobs(shard),
    keys.delayedJobs(shard),
    keys.prioritizedJobs(shard),
    keys.waitingJobs(shard),
    keys.pausedJobs(shard),
    keys.activeJobs(shard),
  ];
  const failure = JSON.stringify(failureFromLog(log, CANCELLED));
  return cancelScript(ctx.redis, places, [
    taskId,
    ctx.now(),
    failure,
    log.length,
    EVENT_STREAM_LENGTH,
    TELL_MS,
    `${shardPrefix(shard)}:`,
  ]);
}

/** Cancels a task once, as cancelTask does, and waits for no worker: one that runs is told to stop. */
export async function cancelOnce(ctx: Context, shard: number, taskId: string): Promise<void> {
  await tryCancel(ctx, shard, taskId, await readTaskLog(ctx, shard, taskId));
}

/**
 * Cancels a task for good: it is neither run nor tried again. One that waits has ended when this returns; one that runs
 * is stopped, and has nearly always ended too: otherwise, after PATIENCE_MS, its state is told as it is then. While it
 * waits for a running one, it looks again and again, so that one which is put back meanwhile is ended there.
 *
 * Throws `unknown_task`, and `task_finished` where the task ended in another way.
 */
export async function cancelTask(ctx: Context, taskId: string): Promise<TaskState> {
  const shard = shardOf(taskId, ctx.queues.length);
  if (shard === undefined) throw unknownTask();
  let log = await readTaskLog(ctx, shard, taskId);
  let marked = false;
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    const outcome = await tryCancel(ctx, shard, taskId, log);
    if (outcome === 'unknown') throw unknownTask();
    const ended = outcome === 'ended' || outcome === 'finished';
    if (ended || Date.now() > end) {
      const state = await taskStatus(ctx, taskId);
      if (!state) throw unknownTask();
      const byUs = outcome === 'ended' || (marked && isCancelledState(state));
      if (outcome === 'finished' && !byUs) {
        throw new AppError('task_finished');
      }
      return state;
    }
    if (outcome === 'changed') log = await readTaskLog(ctx, shard, taskId);
    if (outcome !== 'held') continue;
    marked = true;
    await sleep(LOOK_MS);
  }
}

const isCancelledState = ({ result }: TaskState): boolean =>
  result !== null && 'error' in result && result.error.code === CANCELLED.code;
