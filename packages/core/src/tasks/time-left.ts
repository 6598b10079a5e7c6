import type { AgentConfig, TaskFailure } from '@agenthook/contracts';
import type { Job } from 'bullmq';
import type { Context } from '../context.js';
import { parseFailure } from '../queue/failure.js';
import type { TaskData } from '../queue/job.js';

/** How many ms are left of an agent's `task_timeout_seconds`, 0 if none; undefined if it sets no limit. */
export function timeLeft(
  ctx: Context,
  { timestamp }: Pick<Job<TaskData>, 'timestamp'>,
  { limits }: AgentConfig,
): number | undefined {
  const { task_timeout_seconds } = limits;
  if (typeof task_timeout_seconds !== 'number') return undefined;
  return Math.max(0, timestamp + task_timeout_seconds * 1_000 - ctx.now());
}

/** The error of a task whose time ran out while it waited. It names the failure of its last attempt. */
export async function tookTooLong(
  ctx: Context,
  { limits }: AgentConfig,
  { failedReason }: Job<TaskData>,
): Promise<TaskFailure['error']> {
  const last = failedReason ? parseFailure(await ctx.seal.read(failedReason)).error : undefined;
  const lead = `The task took longer than the ${limits.task_timeout_seconds} s that its agent allows.`;
  return {
    code: 'timeout',
    message: last ? `${lead} Its last attempt failed. ${last.code}: ${last.message}` : lead,
  };
}
