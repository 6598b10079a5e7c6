import type { TaskFailure } from '@agenthook/contracts';
import type { Job } from 'bullmq';
import type { Context } from '../context.js';
import type { TaskData } from '../queue/job.js';
import { keys } from '../redis/keys.js';

/** How often a task is parked before a rate limit counts as a failed attempt. */
const MAX_PARKS = 60;

/** How often a job was started without counting as an attempt. */
const parksOf = (job: Job<TaskData>): number => job.attemptsStarted - job.attemptsMade - 1;

export const canPark = (job: Job<TaskData>): boolean => parksOf(job) < MAX_PARKS;

/**
 * Parks a running job for `delayMs`: it occupies no worker slot and uses no attempt. Stores the reason for
 * status polls. The caller then throws DelayedError.
 */
export async function park(
  ctx: Context,
  job: Job<TaskData>,
  token: string,
  shard: number,
  delayMs: number,
  failure: TaskFailure | undefined,
): Promise<void> {
  if (failure) await ctx.redis.hset(keys.job(shard, job.id ?? ''), 'failedReason', JSON.stringify(failure));
  await job.moveToDelayed(Date.now() + delayMs, token);
}
