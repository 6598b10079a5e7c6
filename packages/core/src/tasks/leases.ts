import { every } from '@agenthook/async';
import type { Context } from '../context.js';
import { keys, taskPrefix } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { PARKING } from './parked.js';

/** How long a place is kept for a parked task that was called back and has not started yet, in ms. */
const RESERVED_MS = 30_000;
/** How many leases are looked at when all are taken: the oldest are those of workers that died. */
const LOOKED_AT = 10;
const AT_ONCE = 1_000;

/**
 * An agent's leases are a sorted set of task ids. A lease holds while there is BullMQ's lock on its job, which a worker
 * renews and which ends by itself when the worker dies; one of a task that was called back holds until its score, a time.
 */
const FUNCTIONS = `${PARKING}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function dropDead(leases, prefix, many)
  local found = redis.call('ZRANGE', leases, 0, many - 1, 'WITHSCORES')
  for n = 1, #found, 2 do
    if tonumber(found[n + 1]) <= now and redis.call('EXISTS', prefix .. found[n] .. ':lock') == 0 then
      redis.call('ZREM', leases, found[n])
    end
  end
end
local function callBack(max, agent, leases, parked, parking, delayed, wait, marker)
  local free = max - redis.call('ZCARD', leases)
  for _ = 1, ${AT_ONCE} do
    if free <= 0 then return end
    local id = callFirst(parked, delayed, wait, marker)
    if not id then
      redis.call('ZREM', parking, agent)
      return
    end
    redis.call('ZADD', leases, now + ${RESERVED_MS}, id)
    free = free - 1
  end
end
`;

/**
 * A Lua function for the script that starts a task: takes a lease for it, or parks it as though no worker had taken it.
 * Returns whether it may run: a task whose lock is not the caller's (any more) is left as it is.
 */
export const LEASE_OR_PARK = `${FUNCTIONS}
local function leaseOrPark(max, agent, id, token, created, startedField, prefix, job, places)
  local lock, active, stalled, delayed, leases, parked, parking = unpack(places)
  if redis.call('GET', lock) ~= token then return false end
  if not redis.call('ZSCORE', leases, id) and redis.call('ZCARD', leases) >= max then
    dropDead(leases, prefix, ${LOOKED_AT})
    if redis.call('ZCARD', leases) >= max then
      putAside(id, job, startedField, lock, active, stalled, delayed)
      redis.call('ZADD', parked, created, id)
      redis.call('ZADD', parking, max, agent)
      return false
    end
  end
  redis.call('ZADD', leases, now, id)
  return true
end
`;

/** The keys of `places` in leaseOrPark. */
export const leasePlaces = (shard: number, agentId: string, taskId: string): string[] => [
  keys.jobLock(shard, taskId),
  keys.activeJobs(shard),
  keys.stalledJobs(shard),
  keys.delayedJobs(shard),
  keys.leases(shard, agentId),
  keys.parked(shard, agentId),
  keys.parking(shard),
];

/** What the locks of a shard's jobs begin with. */
export const lockPrefix = taskPrefix;

/** Frees a task's place, unless another worker holds the task by now, and calls back who waits for it longest. */
const releaseScript = defineScript<null>(`${FUNCTIONS}
local lock, leases, parked, parking, delayed, wait, marker = unpack(KEYS)
local id, token, agent, max = unpack(ARGV)
local owner = redis.call('GET', lock)
if owner and owner ~= token then return end
redis.call('ZREM', leases, id)
callBack(tonumber(max), agent, leases, parked, parking, delayed, wait, marker)`);

/** Frees the places of tasks whose workers died, and calls back parked ones into all that are free. */
const reconcileScript = defineScript<null>(`${FUNCTIONS}
local leases, parked, parking, delayed, wait, marker = unpack(KEYS)
local agent, max, prefix = unpack(ARGV)
dropDead(leases, prefix, ${AT_ONCE})
callBack(tonumber(max), agent, leases, parked, parking, delayed, wait, marker)`);

const calledBack = (shard: number, agentId: string): string[] => [
  keys.leases(shard, agentId),
  keys.parked(shard, agentId),
  keys.parking(shard),
  keys.delayedJobs(shard),
  keys.waitingJobs(shard),
  keys.queueMarker(shard),
];

/** A task that runs under its agent's max_concurrency. */
export interface Lease {
  shard: number;
  id: string;
  agentId: string;
  /** The worker's lock on the job. */
  token: string;
  maxConcurrency: number;
}

/** Gives a task's place to the next one, however its run ended. */
export async function releaseLease(ctx: Context, lease: Lease): Promise<void> {
  const { shard, id, agentId, token, maxConcurrency } = lease;
  const redisKeys = [keys.jobLock(shard, id), ...calledBack(shard, agentId)];
  await releaseScript(ctx.redis, redisKeys, [id, token, agentId, maxConcurrency]);
}

/** How often places that nobody could free are looked for, and for how many agents at once. */
const RECONCILE_MS = 2_000;
const AGENTS_AT_ONCE = 200;

/** Calls back parked tasks into places that were left by workers that died. Returns what ends it. */
export function startReconcilingLeases(ctx: Context): () => void {
  const reconcile = async () => {
    for (const shard of ctx.queues.keys()) await reconcileShard(ctx, shard);
  };
  return every(RECONCILE_MS, reconcile, (error) =>
    ctx.log.debug({ err: error }, 'looking for free places failed'),
  );
}

async function reconcileShard(ctx: Context, shard: number): Promise<void> {
  const found = await ctx.redis.zrange(keys.parking(shard), '0', String(AGENTS_AT_ONCE - 1), 'WITHSCORES');
  for (let n = 0; n < found.length; n += 2) {
    const [agentId = '', max = '1'] = found.slice(n, n + 2);
    await reconcileScript(ctx.redis, calledBack(shard, agentId), [agentId, max, lockPrefix(shard)]);
  }
}
