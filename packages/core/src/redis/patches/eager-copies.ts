import type { Redis } from 'ioredis';

/**
 * Makes copies of a connected client connect by themselves, whatever the client's own `lazyConnect` was.
 *
 * BullMQ makes a worker's blocking connection as a copy of the client that it is given and tries to open a lazy copy once:
 * where that failed, the worker reported itself alive and never took another task
 * (https://github.com/taskforcesh/bullmq/issues/281).
 */
export function makeCopiesEager(redis: Redis): void {
  redis.options.lazyConnect = false;
}
