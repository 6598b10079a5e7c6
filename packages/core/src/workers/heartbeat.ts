import type { ProviderName } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';

/** What a worker tells of itself. */
export interface WorkerInfo {
  id: string;
  started_at: string;
  concurrency: number;
  providers: ProviderName[];
}

const BEAT_MS = 5_000;
/** A worker that has not been heard of for this long counts as gone. */
const ALIVE_MS = 15_000;

/** Says every five seconds that this worker lives. Returns a function that stops it and takes the worker off the list. */
export function startHeartbeat(ctx: Context, info: WorkerInfo): () => Promise<void> {
  const entry = JSON.stringify(info);
  let pending = false;
  const beat = async () => {
    if (pending) return; // Redis is away; the beat that waits is enough
    pending = true;
    try {
      const now = ctx.now();
      await ctx.redis.zadd(keys.workers, now, entry);
      await ctx.redis.zremrangebyscore(keys.workers, '-inf', now - 10 * ALIVE_MS);
    } catch (error) {
      ctx.log.debug({ err: error }, 'heartbeat failed');
    } finally {
      pending = false;
    }
  };
  void beat();
  const timer = setInterval(beat, BEAT_MS);
  return async () => {
    clearInterval(timer);
    await ctx.redis.zrem(keys.workers, entry);
  };
}

/** The workers that were heard of in the last fifteen seconds. */
export async function liveWorkers(ctx: Context): Promise<WorkerInfo[]> {
  const entries = await ctx.redis.zrangebyscore(keys.workers, ctx.now() - ALIVE_MS, '+inf');
  return entries.map((entry) => JSON.parse(entry) as WorkerInfo);
}
