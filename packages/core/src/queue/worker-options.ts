import type { Telemetry, WorkerOptions } from 'bullmq';
import type { RedisClient } from '../redis/connect.js';
import { shardPrefix } from '../redis/keys.js';
import { backoffDelay } from './backoff.js';
import { retryAfterOf } from './failure.js';

/** How long a lock holds by default, in seconds. */
export const LOCK_SECONDS = 9;

/**
 * A worker that dies is noticed once its lock has run out, at the next check. BullMQ renews a lock at half its time, so
 * that is 4.5 to 13 s after the death with a lock of 9 s.
 */
const CHECKS_PER_LOCK = 9 / 4;

/**
 * BullMQ's limit on how often a job may lose its worker. Any number: what a death says of a task is decided in recovery.ts
 * and run-alone.ts, and of a delivery by its entry in the log.
 */
const MAX_STALLED = 1_000_000;

/** How the worker of a shard's callbacks is to be set up; else as workerOptions. */
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

/** How the worker of a shard is to be set up. It makes its own blocking connection beside `redis`. */
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
      backoffStrategy: (attemptsMade, _type, error) => backoffDelay(attemptsMade, retryAfterOf(error)),
    },
  };
}
