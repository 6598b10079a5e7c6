import type { Telemetry, WorkerOptions } from 'bullmq';
import type { RedisClient } from '../redis/connect.js';
import { shardPrefix } from '../redis/keys.js';
import { backoffDelay } from './backoff.js';
import { isRateLimit, retryAfterOf } from './failure.js';

/** The default lifetime of a lock, in seconds. */
export const LOCK_SECONDS = 9;

/**
 * How often to check for dead workers during a lock's lifetime. A death is noticed at the first check after
 * the lock expires. BullMQ renews locks at half their time, so with 9 s that is 4.5 to 13 s after the death.
 */
const CHECKS_PER_LOCK = 9 / 4;

/**
 * BullMQ's limit on how often a job may lose its worker; high enough never to apply. recovery.ts and
 * run-alone.ts decide for tasks, the entry in the log for deliveries.
 */
const MAX_STALLED = 1_000_000;

/** Options for the worker of a shard's callbacks; otherwise like workerOptions. */
export function callbackWorkerOptions(
  redis: RedisClient,
  shard: number,
  concurrency: number,
  lockSeconds = LOCK_SECONDS,
): WorkerOptions {
  return {
    connection: redis,
    prefix: shardPrefix(shard),
    concurrency,
    autorun: false,
    lockDuration: lockSeconds * 1000,
    stalledInterval: Math.round((lockSeconds * 1000) / CHECKS_PER_LOCK),
    maxStalledCount: MAX_STALLED,
  };
}

/** Options for the worker of a shard. The worker opens its own blocking connection in addition to `redis`. */
export function workerOptions(
  redis: RedisClient,
  shard: number,
  concurrency: number,
  { lockSeconds, telemetry }: { lockSeconds?: number | undefined; telemetry?: Telemetry | undefined } = {},
): WorkerOptions {
  return {
    ...callbackWorkerOptions(redis, shard, concurrency, lockSeconds),
    ...(telemetry && { telemetry }),
    settings: {
      // A provider that limits requests and does not say for how long needs more time than one that failed.
      backoffStrategy: (attemptsMade, _type, error) =>
        backoffDelay(isRateLimit(error) ? attemptsMade + 1 : attemptsMade, retryAfterOf(error)),
    },
  };
}
