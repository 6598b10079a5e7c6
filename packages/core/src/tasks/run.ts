import type { AttemptOutcome, RunAgent, TaskSuccess } from '@agenthook/contracts';
import { type Job, WaitingError } from 'bullmq';
import { agentExists } from '../agents/store.js';
import type { VersionCache } from '../agents/version-cache.js';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { attemptError, bareFailure } from './failure.js';
import { FIRST_STARTED_FIELD } from './status.js';
import type { TaskData } from './task-data.js';
import { shardOf } from './task-id.js';

/** Why a local run was stopped from outside; the `reason` of its AbortSignal. */
export const STOP_REASONS = { shutdown: 'shutdown', lockLost: 'lock_lost' } as const;

export interface RunDeps {
  runAgent: RunAgent;
  versions: VersionCache;
}

/**
 * Runs one attempt at a task and returns its SUCCESS result. Throws what tells BullMQ how it ended else: an error whose
 * message is the FAILURE result, to be tried again or not, or WaitingError once the job was handed back on shutdown.
 *
 * @param token the worker's lock on the job
 * @param signal aborted with one of STOP_REASONS as its reason
 */
export async function runTask(
  ctx: Context,
  deps: RunDeps,
  job: Job<TaskData>,
  token: string,
  signal: AbortSignal,
): Promise<TaskSuccess> {
  const taskId = job.id ?? '';
  const { agent_id, agent_version, payload, headers } = job.data;
  const [exists, config] = await Promise.all([
    agentExists(ctx, agent_id),
    deps.versions(agent_id, agent_version),
    rememberFirstStart(ctx, taskId, job.processedOn),
  ]);
  if (!exists || !config) {
    const failure = bareFailure('agent_unavailable', 'The agent was deleted before this task could run.');
    throw attemptError(failure, { retryable: false });
  }

  const outcome = await settle(ctx, taskId, () =>
    deps.runAgent({
      task: { id: taskId, attempt: job.attemptsMade + 1, created_at: new Date(job.timestamp).toISOString() },
      agent: { id: agent_id, version: agent_version, config },
      payload,
      headers,
      signal,
    }),
  );
  if (outcome.outcome === 'succeeded') return outcome.result;
  if (signal.aborted && signal.reason === STOP_REASONS.shutdown) {
    await job.moveToWait(token);
    throw new WaitingError();
  }
  ctx.log.info(
    { task_id: taskId, agent_id, code: outcome.failure.error.code, retry: outcome.retryable },
    'attempt failed',
  );
  throw attemptError(outcome.failure, { retryable: outcome.retryable, afterMs: outcome.retry_after_ms });
}

/** Anything thrown by the agent is a defect of ours: logged whole, and told to the caller without its words. */
async function settle(
  ctx: Context,
  taskId: string,
  run: () => Promise<AttemptOutcome>,
): Promise<AttemptOutcome> {
  try {
    return await run();
  } catch (error) {
    ctx.log.error({ err: error, task_id: taskId }, 'a run threw');
    const failure = bareFailure(
      'internal',
      'The run failed inside AgentHook. The worker log has the details.',
    );
    return { outcome: 'failed', failure, retryable: false };
  }
}

async function rememberFirstStart(
  ctx: Context,
  taskId: string,
  startedOn: number | undefined,
): Promise<void> {
  const shard = shardOf(taskId, ctx.queues.length);
  if (shard === undefined || startedOn === undefined) return;
  await ctx.redis.hsetnx(keys.job(shard, taskId), FIRST_STARTED_FIELD, startedOn);
}
