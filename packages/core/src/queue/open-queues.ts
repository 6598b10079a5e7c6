import { Queue, type Telemetry } from 'bullmq';
import type { Logger } from 'pino';
import type { RedisClient } from '../redis/connect.js';
import { CALLBACK_QUEUE, shardPrefix, TASK_QUEUE } from '../redis/keys.js';
import { EVENT_STREAM_LENGTH, type TaskData } from './job.js';

/**
 * Opens the task queue of each shard on `redis`. BullMQ evicts no finished task: it would remove the results
 * of all tasks by the age that the process of one has set. The sweep does it (erasing/sweep.ts).
 */
export function openQueues(
  redis: RedisClient,
  log: Logger,
  options: { shards: number; telemetry?: Telemetry | undefined },
): Queue<TaskData>[] {
  return Array.from({ length: options.shards }, (_, shard) => {
    const queue = new Queue<TaskData>(TASK_QUEUE, {
      connection: redis,
      prefix: shardPrefix(shard),
      skipWaitingForReady: true,
      skipVersionCheck: true,
      ...(options.telemetry && { telemetry: options.telemetry }),
      streams: { events: { maxLen: EVENT_STREAM_LENGTH } },
      defaultJobOptions: {
        removeOnComplete: false,
        removeOnFail: false,
        // Stacks contain file names of this machine and may quote secrets. The log has them.
        stackTraceLimit: 0,
        backoff: { type: 'custom' },
      },
    });
    queue.on('error', (error) => log.debug({ err: error }, 'queue connection error'));
    return queue;
  });
}

/** How often, and with what delay, a job is retried if its delivery could not even be read. */
const LOOKS = { attempts: 1_000, backoff: { type: 'fixed', delay: 30_000 } };

/**
 * Opens the callback queue of each shard on `redis`. A job leaves the queue when it ends. The entry in the
 * log stores the delivery's outcome and when the next attempt is due.
 */
export function openCallbackQueues(redis: RedisClient, log: Logger, shards: number): Queue<unknown>[] {
  return Array.from({ length: shards }, (_, shard) => {
    const queue = new Queue<unknown>(CALLBACK_QUEUE, {
      connection: redis,
      prefix: shardPrefix(shard),
      skipWaitingForReady: true,
      skipVersionCheck: true,
      streams: { events: { maxLen: 10 } }, // no one reads them
      defaultJobOptions: { ...LOOKS, removeOnComplete: true, removeOnFail: true, stackTraceLimit: 0 },
    });
    queue.on('error', (error) => log.debug({ err: error }, 'queue connection error'));
    return queue;
  });
}
