import { type AgentConfig, parseModel, type TaskFailure } from '@agenthook/contracts';
import type { Job } from 'bullmq';
import type { Context } from '../context.js';
import { backoffDelay } from '../queue/backoff.js';
import type { TaskData } from '../queue/task-data.js';
import { keys } from '../redis/keys.js';

/** How often a task is parked before a rate limit counts as a failed attempt. */
const MAX_PARKS = 60;

/** How often a job was started without that counting as an attempt. */
const parksOf = (job: Job<TaskData>): number => job.attemptsStarted - job.attemptsMade - 1;

export const canPark = (job: Job<TaskData>): boolean => parksOf(job) < MAX_PARKS;

/** Which providers have asked this worker to wait: their tasks are parked without asking them again. */
export interface ProviderGates {
  /** How long to wait, in ms; undefined where the agent's provider, or a fallback, may be asked. */
  closedFor(config: AgentConfig, now: number): number | undefined;
  /** Closes the gate of the agent's provider. Returns for how long, in ms. */
  close(config: AgentConfig, now: number, retryAfterMs: number): number;
}

export function createProviderGates(): ProviderGates {
  const closedUntil = new Map<string, number>();
  // The sandbox plays rate limits for one task alone.
  const gateOf = ({ model, fallback_models }: AgentConfig): string | undefined => {
    const provider = parseModel(model)?.provider;
    return provider === 'sandbox' || fallback_models.length > 0 ? undefined : provider;
  };
  return {
    closedFor: (config, now) => {
      const left = (closedUntil.get(gateOf(config) ?? '') ?? 0) - now;
      return left > 0 ? backoffDelay(1, left) : undefined;
    },
    close: (config, now, retryAfterMs) => {
      const delayMs = backoffDelay(1, retryAfterMs);
      const gate = gateOf(config);
      if (gate !== undefined) closedUntil.set(gate, now + delayMs);
      return delayMs;
    },
  };
}

/**
 * Puts a running job aside for `delayMs`: it holds no slot of a worker and uses no attempt. The reason is kept where a
 * status poll finds it. The caller then throws DelayedError.
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
