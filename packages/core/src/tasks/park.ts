import type { LogEntry, TaskFailure } from '@agenthook/contracts';
import type { Job } from 'bullmq';
import type { Context } from '../context.js';
import { type TaskData, WAITING_FIELD } from '../queue/job.js';
import { keys } from '../redis/keys.js';
import type { Closing } from './provider-gates.js';

/** How often a task is parked before a rate limit counts as a failed attempt. */
const MAX_PARKS = 60;

/**
 * How often a job was started without counting as an attempt. A task that waited started again with each
 * decision of people, and with each end of a task that it has called.
 */
const parksOf = (job: Job<TaskData>, log: readonly LogEntry[]): number =>
  job.attemptsStarted - job.attemptsMade - 1 - log.filter(endsWait).length;

const endsWait = (entry: LogEntry): boolean =>
  entry.type === 'decided' || (entry.type === 'tool_started' && entry.child !== undefined);

export const canPark = (job: Job<TaskData>, log: readonly LogEntry[]): boolean =>
  parksOf(job, log) < MAX_PARKS;

/**
 * Parks a running job: it occupies no worker slot and uses no attempt. Stores why, and the failure if it has
 * just failed, for status polls. The caller then throws DelayedError.
 */
export async function park(
  ctx: Context,
  job: Job<TaskData>,
  token: string,
  shard: number,
  { delay_ms, waiting_for }: Closing,
  failure: TaskFailure | undefined,
): Promise<void> {
  await ctx.redis.hset(keys.job(shard, job.id ?? ''), {
    [WAITING_FIELD]: JSON.stringify(waiting_for),
    ...(failure && { failedReason: await ctx.seal.keepFailure(JSON.stringify(failure)) }),
  });
  await job.moveToDelayed(Date.now() + delay_ms, token);
}
