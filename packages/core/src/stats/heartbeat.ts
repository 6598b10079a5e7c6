import { randomUUID } from 'node:crypto';
import { every, withDeadline } from '@agenthook/async';
import { iso } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { type RedisClient, takesAnew } from '../redis/connect.js';
import { keys } from '../redis/keys.js';
import { beatScript } from './beat.script.js';
import { liveProcessesScript } from './live-processes.script.js';

/** What a process reports about itself. */
export interface ProcessInfo {
  id: string;
  kind: 'api' | 'worker';
  started_at: string;
  /** How far its machine's clock is ahead of Redis's, in whole seconds; negative if it is behind. */
  clock_skew_seconds: number;
  /** Tasks that a worker runs at once. */
  concurrency?: number;
  /** Providers that a worker can call. */
  providers?: string[];
}

const BEAT_MS = 5_000;
/** A process without a heartbeat for this long counts as gone, in ms. */
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
  /** Stops the heartbeat, and removes the process from the list, unless Redis does not answer in time. */
  stop(deadlineMs: number): Promise<void>;
}

/** Reports every five seconds that this process is alive. */
export function startHeartbeat(
  ctx: Context,
  about: Pick<ProcessInfo, 'kind' | 'concurrency' | 'providers'>,
  silentMs = SILENT_MS,
): Heartbeat {
  const own = { id: randomUUID(), started_at: iso(ctx.now()), ...about };
  const worker = own.kind === 'worker' ? JSON.stringify(own) : '';
  let lastBeat = performance.now();
  const write = async (redis: RedisClient) => {
    const report: ProcessInfo = { ...own, clock_skew_seconds: Math.round(ctx.clockSkewMs() / 1000) };
    await beatScript(
      redis,
      { report: keys.process(own.id), processes: keys.processes, workers: keys.workers },
      { id: own.id, text: JSON.stringify(report), aliveMs: ALIVE_MS, prefix: keys.processPrefix, worker },
    );
  };
  const beat = async () => {
    await write(ctx.redis);
    lastBeat = performance.now();
  };
  const onError = (error: unknown) => ctx.log.debug({ err: error }, 'heartbeat failed');
  beat().catch(onError);
  const endBeats = every(BEAT_MS, beat, onError);
  return {
    isStuck: async () => performance.now() - lastBeat > silentMs && (await takesAnew(ctx.redis, write)),
    stop: async (deadlineMs) => {
      endBeats();
      const removed = Promise.allSettled([
        ctx.redis.del(keys.process(own.id)),
        ctx.redis.srem(keys.processes, own.id),
        ctx.redis.zrem(keys.workers, worker),
      ]);
      await withDeadline(removed, deadlineMs);
    },
  };
}

/** The processes with a heartbeat in the last fifteen seconds, by Redis's clock. */
export async function liveProcesses(ctx: Context): Promise<ProcessInfo[]> {
  const found = await liveProcessesScript(
    ctx.redis,
    { processes: keys.processes, workers: keys.workers },
    { prefix: keys.processPrefix, aliveMs: ALIVE_MS },
  );
  const byId = new Map<string, ProcessInfo>();
  for (const text of found) {
    const report = { kind: 'worker', clock_skew_seconds: 0, ...JSON.parse(text) } as ProcessInfo;
    if (!byId.has(report.id)) byId.set(report.id, report);
  }
  return [...byId.values()];
}

/** The workers among the live processes. */
export const liveWorkers = async (ctx: Context): Promise<ProcessInfo[]> =>
  (await liveProcesses(ctx)).filter(({ kind }) => kind === 'worker');
