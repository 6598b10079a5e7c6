import type { Telemetry, WorkerOptions } from 'bullmq';
import type { RedisClient } from '../redis/connect.js';
import { shardPrefix } from '../redis/keys.js';
import { backoffDelay } from '../tasks/backoff.js';
import { retryAfterOf } from '../tasks/failure.js';

/**
 * A worker that dies is noticed after its lock has run out, at the next check. A lock is renewed at half its time, so
 * that is 4.5 to 13 s after the death with these. A job that lost
 * its worker more often than MAX_STALLED fails as `worker_lost`.
 */
const LOCK_MS = 9_000;
const STALLED_CHECK_MS = 4_000;
const MAX_STALLED = 3;

/** Any number: how often a delivery may lose its worker is decided by its entry in the log. */
const CALLBACK_MAX_STALLED = 1_000_000;

/** How the worker of a shard's callbacks is to be set up; else as workerOptions. */
export function callbackWorkerOptions(redis: RedisClient, shard: number, concurrency: number): WorkerOptions {
  return { ...commonOptions(redis, shard, concurrency), maxStalledCount: CALLBACK_MAX_STALLED };
}

/** How the worker of a shard is to be set up. It makes its own blocking connection beside `redis`. */
export function workerOptions(
  redis: RedisClient,
  shard: number,
  concurrency: number,
  telemetry?: Telemetry,
): WorkerOptions {
  return {
    ...commonOptions(redis, shard, concurrency),
    ...(telemetry && { telemetry }),
    maxStalledCount: MAX_STALLED,
    settings: {
      backoffStrategy: (attemptsMade, _type, error) => backoffDelay(attemptsMade, retryAfterOf(error)),
    },
  };
}

const commonOptions = (redis: RedisClient, shard: number, concurrency: number): WorkerOptions => ({
  connection: redis,
  prefix: shardPrefix(shard),
  concurrency,
  autorun: false,
  lockDuration: LOCK_MS,
  stalledInterval: STALLED_CHECK_MS,
});
