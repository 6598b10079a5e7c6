import type { Context } from '../context.js';
import { EVENT_STREAM_LENGTH } from '../queue/open-queues.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { LEASE_OR_PARK, type Lease, leasePlaces, lockPrefix } from './leases.js';
import { FIRST_STARTED_FIELD } from './status.js';

/** The field of a job's hash that keeps when its cancelling was asked for, while a worker ran it. */
export const CANCELLED_FIELD = 'cancelledOn';

/** How often a worker asks which of its tasks are to stop, in ms. */
const WATCH_MS = 400;

/** What the queue's event stream says of a start. BullMQ's own `active` comes before it is decided. */
export const STARTED_EVENT = 'started';

/** `parked`: its agent runs as many as it may; it was put back, and is called when there is a place. Or it is another worker's. */
export type Start = 'runs' | 'parked' | 'cancelled';

/**
 * Takes a lease, where its agent has max_concurrency; keeps the time of the first start; moves the task in the index (the
 * KEYS from 9 to 12: PENDING and STARTED of each scope); tells those who follow it; and says, all in the same step, whether it may run. One that is not
 * PENDING in the index has started before, or has ended.
 */
const startScript = defineScript<Start>(`
${LEASE_OR_PARK}
local job = KEYS[1]
local started, id, created, max, agent, prefix, token = unpack(ARGV)
local cancelled = redis.call('HEXISTS', job, '${CANCELLED_FIELD}') == 1
if tonumber(max) > 0 and not cancelled then
  if not leaseOrPark(tonumber(max), agent, id, token, created, '${FIRST_STARTED_FIELD}', prefix, job, { unpack(KEYS, 2, 8) }) then
    return 'parked'
  end
end
redis.call('HSETNX', job, '${FIRST_STARTED_FIELD}', started)
for n = 9, 12, 2 do
  if redis.call('ZREM', KEYS[n], id) == 1 then redis.call('ZADD', KEYS[n + 1], created, id) end
end
redis.call('XADD', KEYS[13], 'MAXLEN', '~', ${EVENT_STREAM_LENGTH}, '*', 'event', '${STARTED_EVENT}', 'jobId', id)
return cancelled and 'cancelled' or 'runs'`);

/** Notes that a task starts, or parks it. Times are in ms. */
export async function noteStart(
  ctx: Context,
  task: Lease & { createdMs: number; startedMs: number },
): Promise<Start> {
  const { shard, id, agentId } = task;
  const places = [ALL_AGENTS, agentId].flatMap((scope) => [
    keys.taskIndex(shard, scope, 'PENDING'),
    keys.taskIndex(shard, scope, 'STARTED'),
  ]);
  const redisKeys = [
    keys.job(shard, id),
    ...leasePlaces(shard, agentId, id),
    ...places,
    keys.queueEvents(shard),
  ];
  return await startScript(ctx.redis, redisKeys, [
    task.startedMs,
    id,
    task.createdMs,
    task.maxConcurrency,
    agentId,
    lockPrefix(shard),
    task.token,
  ]);
}

/** Whether a task that runs is to stop. */
export async function isCancelled(ctx: Context, shard: number, taskId: string): Promise<boolean> {
  return (await ctx.redis.hexists(keys.job(shard, taskId), CANCELLED_FIELD)) === 1;
}

/**
 * Tells `stop` of each task that is to stop, on whichever worker it runs, within WATCH_MS and again until it has ended.
 * Asking a small set, which is nearly always empty, can miss nothing; a message could. Returns what ends the watch.
 */
export function watchCancelled(ctx: Context, stop: (shard: number, taskId: string) => void): () => void {
  let asking = false;
  const ask = async () => {
    if (asking) return; // Redis is away; the question that waits is enough
    asking = true;
    try {
      await Promise.all(
        ctx.queues.map(async (_queue, shard) => {
          for (const id of await ctx.redis.zrange(keys.cancelling(shard), '0', '-1')) stop(shard, id);
        }),
      );
    } catch (error) {
      ctx.log.debug({ err: error }, 'asking for cancelled tasks failed');
    } finally {
      asking = false;
    }
  };
  const timer = setInterval(ask, WATCH_MS);
  return () => clearInterval(timer);
}
