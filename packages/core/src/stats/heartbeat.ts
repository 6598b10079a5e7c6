import { every } from '@agenthook/async';
import type { ProviderName } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { type RedisClient, takesAnew } from '../redis/connect.js';
import { keys } from '../redis/keys.js';

/** What a worker reports about itself. */
export interface WorkerInfo {
  id: string;
  started_at: string;
  concurrency: number;
  providers: ProviderName[];
}

const BEAT_MS = 5_000;
/** A worker whose last heartbeat is older counts as gone. */
const ALIVE_MS = 15_000;

/** How long heartbeats must fail before we check whether this process is the cause, in ms. */
const SILENT_MS = 60_000;

export interface Heartbeat {
  /**
   * Whether this process's connection is beyond recovery: no heartbeat has succeeded for a minute, but a new
   * connection can send one at once. False while Redis is unavailable or refuses writes, since a new process
   * would not help.
   */
  isStuck(): Promise<boolean>;
  /** Stops the heartbeat, and removes the worker from the list. */
  stop(): Promise<void>;
}

/** Reports every five seconds that this worker is alive. */
export function startHeartbeat(ctx: Context, info: WorkerInfo, silentMs = SILENT_MS): Heartbeat {
  const entry = JSON.stringify(info);
  let lastBeat = performance.now();
  const write = (redis: RedisClient) => redis.zadd(keys.workers, ctx.now(), entry);
  const beat = async () => {
    await write(ctx.redis);
    lastBeat = performance.now();
    await ctx.redis.zremrangebyscore(keys.workers, '-inf', ctx.now() - 10 * ALIVE_MS);
  };
  const onError = (error: unknown) => ctx.log.debug({ err: error }, 'heartbeat failed');
  beat().catch(onError);
  const endBeats = every(BEAT_MS, beat, onError);
  return {
    isStuck: async () => performance.now() - lastBeat > silentMs && (await takesAnew(ctx.redis, write)),
    stop: async () => {
      endBeats();
      await ctx.redis.zrem(keys.workers, entry);
    },
  };
}

/** The workers with a heartbeat in the last fifteen seconds. */
export async function liveWorkers(ctx: Context): Promise<WorkerInfo[]> {
  const entries = await ctx.redis.zrangebyscore(keys.workers, ctx.now() - ALIVE_MS, '+inf');
  return entries.map((entry) => JSON.parse(entry) as WorkerInfo);
}
