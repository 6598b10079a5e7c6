import { every } from '@agenthook/async';
import type { Context } from '../context.js';
import { keys, taskPrefix } from '../redis/keys.js';
import { roundOfSortedSet } from '../redis/round.js';
import { reconcileLeasesScript } from './reconcile-leases.script.js';
import { releaseLeaseScript } from './release-lease.script.js';

const redisKeys = (shard: number, agentId: string) => ({
  leases: keys.leases(shard, agentId),
  parked: keys.parked(shard, agentId),
  parking: keys.parking(shard),
  delayed: keys.delayedJobs(shard),
  wait: keys.waitingJobs(shard),
  marker: keys.queueMarker(shard),
});

/** A running task of an agent with max_concurrency. */
export interface Lease {
  shard: number;
  id: string;
  agentId: string;
  /** The worker's lock token. */
  token: string;
  maxConcurrency: number;
}

/** Passes a task's place to the next task, however its run ended. */
export async function releaseLease(ctx: Context, lease: Lease): Promise<void> {
  const { shard, id, agentId, token, maxConcurrency } = lease;
  await releaseLeaseScript(
    ctx.redis,
    { lock: keys.jobLock(shard, id), ...redisKeys(shard, agentId) },
    { id, token, agent: agentId, max: maxConcurrency },
  );
}

/** How often to look for places of dead workers. */
const RECONCILE_MS = 2_000;

/** Calls parked tasks back into the places of workers that died. Returns a function that ends it. */
export function startReconcilingLeases(ctx: Context): () => void {
  const rounds = [...ctx.queues.keys()].map((shard) => roundOfSortedSet(ctx.redis, keys.parking(shard)));
  const reconcile = async () => {
    for (const [shard, round] of rounds.entries()) await reconcileSome(ctx, shard, await round());
  };
  return every(RECONCILE_MS, reconcile, (error) =>
    ctx.log.debug({ err: error }, 'looking for free places failed'),
  );
}

/** @param found agents with parked tasks, each followed by its max_concurrency */
async function reconcileSome(ctx: Context, shard: number, found: readonly string[]): Promise<void> {
  for (let n = 0; n < found.length; n += 2) {
    const [agentId = '', max = '1'] = found.slice(n, n + 2);
    const args = { agent: agentId, max: Number(max), prefix: taskPrefix(shard) };
    for (let from = 0; from >= 0; )
      from = await reconcileLeasesScript(ctx.redis, redisKeys(shard, agentId), { ...args, from });
  }
}
