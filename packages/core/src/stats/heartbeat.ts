import { randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { every, withDeadline } from '@agenthook/async';
import { iso } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { type RedisClient, takesAnew } from '../redis/connect.js';
import { keys } from '../redis/keys.js';
import { followSetBack } from '../redis/set-back.js';
import { objectOf } from '../redis/stored-row.js';
import { followSecretKey } from '../secrets/check-secret-key.js';
import { beatScript } from './beat.script.js';
import { liveProcessesScript } from './live-processes.script.js';
import { type Load, storeMetrics } from './metrics/store-metrics.js';
import type { Retention } from './retention.js';

/** What a process reports about itself. */
export interface ProcessInfo {
  id: string;
  kind: 'api' | 'worker';
  started_at: string;
  /** How far its machine's clock is ahead of Redis's, in whole seconds; negative if it is behind. */
  clock_skew_seconds: number;
  /** Log lines that it could not write, in all, and whether some were dropped in the last minute. */
  dropped_log_lines: number;
  drops_log_lines: boolean;
  /** Its RESULT_TTL_SECONDS. Workers of an older version do not report it. */
  result_ttl_seconds?: number;
  /** Whether it seals what comes from outside. Processes of an older version do not report it. */
  seals_at_rest?: boolean;
  /** Whether it has an archive. Processes of an older version do not report it. */
  archives?: boolean;
  /** The fingerprints of the keys that it knows for secrets; it seals with the first. */
  secret_keys?: string[];
  /** Tasks that a worker runs at once. */
  concurrency?: number;
  /** Slots that it has for them: a few more, so that one agent never has all. */
  slots?: number;
  /** The URL of an api, for links. */
  url?: string;
  /** Providers that a worker can call. */
  providers?: string[];
}

/** How exactly the delay of the event loop is measured, in ms. */
const LAG_MS = 50;
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

/**
 * Reports every five seconds that this process is alive, and stores what it has counted.
 *
 * @param work what a worker is doing
 */
export function startHeartbeat(
  ctx: Context,
  about: Pick<ProcessInfo, 'kind' | 'concurrency' | 'slots' | 'providers'> & { url?: () => string },
  silentMs = SILENT_MS,
  work?: () => Pick<Load, 'taken' | 'bytes'>,
): Heartbeat {
  const { url, ...rest } = about;
  const own = { id: randomUUID(), started_at: iso(ctx.now()), ...rest };
  const worker = own.kind === 'worker' ? JSON.stringify(own) : '';
  let lastBeat = performance.now();
  const write = async (redis: RedisClient) => {
    const { output } = ctx.log;
    const report: ProcessInfo = {
      ...own,
      ...(url && { url: url() }),
      clock_skew_seconds: Math.round(ctx.clockSkewMs() / 1000),
      result_ttl_seconds: ctx.retention.own,
      seals_at_rest: ctx.seal.isOn,
      archives: ctx.archive !== undefined,
      secret_keys: ctx.secrets.fingerprints(),
      dropped_log_lines: output.dropped(),
      drops_log_lines: output.isDropping(),
    };
    await beatScript(
      redis,
      { report: keys.process(own.id), processes: keys.processes, workers: keys.workers },
      { id: own.id, text: JSON.stringify(report), aliveMs: ALIVE_MS, prefix: keys.processPrefix, worker },
    );
  };
  const lag = monitorEventLoopDelay({ resolution: LAG_MS });
  lag.enable();
  const store = async () => {
    const lagMs = Math.max(0, lag.percentile(99) / 1e6 - LAG_MS);
    lag.reset();
    const { kind, slots } = own;
    const load: Load = {
      kind,
      ...(slots !== undefined && { slots }),
      ...work?.(),
      lag_ms: Number.isFinite(lagMs) ? Math.round(lagMs) : 0,
      rss_bytes: process.memoryUsage.rss(),
    };
    await storeMetrics(ctx, own.id, load, ALIVE_MS);
  };
  let isToldOf: number | undefined;
  const agree = async () => {
    await noteRetention(ctx.redis, ctx.retention);
    const seconds = ctx.retention.seconds();
    if (seconds !== ctx.retention.own && seconds !== isToldOf)
      ctx.log.warn(`RESULT_TTL_SECONDS is ${ctx.retention.own} here, but results are kept for ${seconds} s`);
    isToldOf = seconds;
  };
  const beat = async () => {
    await agree();
    await followSecretKey(ctx.redis, ctx.secrets);
    await write(ctx.redis);
    lastBeat = performance.now();
    // Last: a full Redis refuses these, and the process is alive all the same.
    await store();
    await followSetBack(ctx);
  };
  const onError = (error: unknown) => ctx.log.debug({ err: error }, 'heartbeat failed');
  beat().catch(onError);
  const endBeats = every(BEAT_MS, beat, onError);
  return {
    isStuck: async () => performance.now() - lastBeat > silentMs && (await takesAnew(ctx.redis, write)),
    stop: async (deadlineMs) => {
      endBeats();
      await withDeadline(store().catch(onError), deadlineMs / 2);
      lag.disable();
      const removed = Promise.allSettled([
        ctx.redis.del(keys.processLoad(own.id)),
        ctx.redis.del(keys.process(own.id)),
        ctx.redis.srem(keys.processes, own.id),
        ctx.redis.zrem(keys.workers, worker),
      ]);
      await withDeadline(removed, deadlineMs / 2);
    },
  };
}

/** What workers of an older version do not report. */
const UNTOLD = { kind: 'worker', clock_skew_seconds: 0, dropped_log_lines: 0, drops_log_lines: false };

/**
 * Compares the retention with what Redis and the live processes say, and stores it if it has changed. A Redis
 * that refuses to store it does not keep this process from using it.
 */
export async function noteRetention(redis: RedisClient, retention: Retention): Promise<void> {
  const [stored, processes] = await Promise.all([redis.get(keys.retention), readProcesses(redis)]);
  const live = processes.flatMap((each) => each.result_ttl_seconds ?? []);
  const next = retention.note(stored === null ? undefined : Number(stored), live);
  if (next !== undefined) redis.set(keys.retention, next).catch(() => undefined);
}

/** The processes with a heartbeat in the last fifteen seconds, by Redis's clock. */
export const liveProcesses = (ctx: Context): Promise<ProcessInfo[]> => readProcesses(ctx.redis);

/** The same, for a caller without a context. */
export async function readProcesses(redis: RedisClient): Promise<ProcessInfo[]> {
  const found = await liveProcessesScript(
    redis,
    { processes: keys.processes, workers: keys.workers },
    { prefix: keys.processPrefix, aliveMs: ALIVE_MS },
  );
  const byId = new Map<string, ProcessInfo>();
  for (const text of found) {
    const told = objectOf(text);
    if (typeof told?.id !== 'string') continue;
    const report = { ...UNTOLD, ...told } as ProcessInfo;
    if (!byId.has(report.id)) byId.set(report.id, report);
  }
  return [...byId.values()];
}

/** The workers among the live processes. */
export const liveWorkers = async (ctx: Context): Promise<ProcessInfo[]> =>
  (await liveProcesses(ctx)).filter(({ kind }) => kind === 'worker');
