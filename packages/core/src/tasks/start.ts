import type { Context } from '../context.js';
import { CANCELLED_FIELD, EVENT_STREAM_LENGTH, FIRST_STARTED_FIELD, STARTED_EVENT } from '../queue/job.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { LEASE_OR_PARK, type Lease, leasePlaces, lockPrefix } from './leases.js';

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
