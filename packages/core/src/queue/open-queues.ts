import { Queue, type Telemetry } from 'bullmq';
import type { Logger } from 'pino';
import type { RedisClient } from '../redis/connect.js';
import { CALLBACK_QUEUE, shardPrefix, TASK_QUEUE } from '../redis/keys.js';
import { EVENT_STREAM_LENGTH, type TaskData } from './job.js';

/**
 * Opens the task queue of each shard on `redis`. Finished tasks are kept for `resultTtlSeconds` by one uniform age: a
 * count, or different ages, would let one finishing task evict the results of others.
 */
export function openQueues(
  redis: RedisClient,
  log: Logger,
  options: { shards: number; resultTtlSeconds: number; telemetry?: Telemetry | undefined },
): Queue<TaskData>[] {
  const keep = { age: options.resultTtlSeconds };
  return Array.from({ length: options.shards }, (_, shard) => {
    const queue = new Queue<TaskData>(TASK_QUEUE, {
      connection: redis,
      prefix: shardPrefix(shard),
      skipWaitingForReady: true,
      skipVersionCheck: true,
      ...(options.telemetry && { telemetry: options.telemetry }),
      streams: { events: { maxLen: EVENT_STREAM_LENGTH } },
      defaultJobOptions: {
        removeOnComplete: keep,
        removeOnFail: keep,
        // Stacks name files of this machine and may quote secrets; the log has them.
        stackTraceLimit: 0,
        backoff: { type: 'custom' },
      },
    });
    queue.on('error', (error) => log.debug({ err: error }, 'queue connection error'));
    return queue;
  });
}

/** How often, and with what pause, a job is tried whose delivery could not even be looked at. */
const LOOKS = { attempts: 1_000, backoff: { type: 'fixed', delay: 30_000 } };

/**
 * Opens the queue of callbacks of each shard on `redis`. A job leaves it when it ends: what became of a delivery stands in
 * its entry in the log, which also says when the next attempt is due.
 */
export function openCallbackQueues(redis: RedisClient, log: Logger, shards: number): Queue<unknown>[] {
  return Array.from({ length: shards }, (_, shard) => {
    const queue = new Queue<unknown>(CALLBACK_QUEUE, {
      connection: redis,
      prefix: shardPrefix(shard),
      skipWaitingForReady: true,
      skipVersionCheck: true,
      streams: { events: { maxLen: 10 } }, // nobody reads them
      defaultJobOptions: { ...LOOKS, removeOnComplete: true, removeOnFail: true, stackTraceLimit: 0 },
    });
    queue.on('error', (error) => log.debug({ err: error }, 'queue connection error'));
    return queue;
  });
}
