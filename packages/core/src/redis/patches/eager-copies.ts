import type { Redis } from 'ioredis';

/**
 * Makes copies of a connected client connect on their own, regardless of the client's `lazyConnect`.
 *
 * BullMQ creates a worker's blocking connection as a copy of its client, and tries to open a lazy copy only
 * once. If that failed, the worker reported itself alive and never took another task
 * (https://github.com/taskforcesh/bullmq/issues/281).
 */
export function makeCopiesEager(redis: Redis): void {
  redis.options.lazyConnect = false;
}
