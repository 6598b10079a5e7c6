import type { AgentConfig, AttemptOutcome, RunAgent, StepLog, TaskSuccess } from '@agenthook/contracts';
import { DelayedError, type Job, WaitingError } from 'bullmq';
import { memoryOf } from '../agents/memory-store.js';
import { pinsOf } from '../agents/pin-store.js';
import { agentExists } from '../agents/store.js';
import { openSecrets } from '../agents/tool-secrets.js';
import type { VersionCache } from '../agents/version-cache.js';
import type { Context } from '../context.js';
import { documentsOf } from '../documents/documents-of.js';
import { ABOUT, type StoredOptions } from './about.js';
import { isCancelled, noteStart } from './cancel-mark.js';
import { CANCELLED, cancelledFailure } from './cancelled-failure.js';
import { attemptError, bareFailure } from './failure.js';
import { releaseLease } from './leases.js';
import { canPark, type ProviderGates, park } from './park.js';
import type { TaskData } from './task-data.js';
import { shardOf } from './task-id.js';
import { LockLost, openTaskLog } from './task-log.js';

/** Why a local run was stopped from outside; the `reason` of its AbortSignal. */
export const STOP_REASONS = {
  shutdown: 'shutdown',
  lockLost: 'lock_lost',
  cancelled: 'cancelled',
} as const;

export interface RunDeps {
  runAgent: RunAgent;
  versions: VersionCache;
  gates: ProviderGates;
}

/**
 * Runs one attempt at a task and returns its SUCCESS result. Throws what tells BullMQ how it ended else: an error whose
 * message is the FAILURE result, to be tried again or not (one that was cancelled never is); WaitingError once the job
 * was handed back on shutdown; DelayedError once it was parked, because its provider said when to come back or because its
 * agent runs as many tasks as it may.
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
  const id = job.id ?? '';
  const shard = shardOf(id, ctx.queues.length) ?? 0;
  const { agent_id, agent_version } = job.data;
  // Kept by this worker, so nearly always there already.
  const config = await deps.versions(agent_id, agent_version);
  const lease = { shard, id, agentId: agent_id, token, maxConcurrency: config?.limits.max_concurrency ?? 0 };
  const [exists, log, start] = await Promise.all([
    agentExists(ctx, agent_id),
    openTaskLog(ctx, { shard, id, token, fresh: job.attemptsStarted === 1 }),
    // BullMQ's processedOn is of the last start.
    noteStart(ctx, { ...lease, createdMs: job.timestamp, startedMs: job.processedOn ?? ctx.now() }),
  ]);
  if (start === 'parked') throw new DelayedError();
  if (start === 'cancelled') throw attemptError(cancelledFailure(log.entries), { retryable: false });
  try {
    return await runStarted(ctx, deps, job, token, signal, { shard, exists, config, log });
  } finally {
    if (lease.maxConcurrency > 0) {
      await releaseLease(ctx, lease).catch((error) =>
        ctx.log.warn({ err: error, task_id: id }, 'a place was not freed; it will be'),
      );
    }
  }
}

/** Does as runTask, for a task that may run. */
async function runStarted(
  ctx: Context,
  deps: RunDeps,
  job: Job<TaskData>,
  token: string,
  signal: AbortSignal,
  found: { shard: number; exists: boolean; config: AgentConfig | undefined; log: StepLog },
): Promise<TaskSuccess> {
  const taskId = job.id ?? '';
  const { agent_id } = job.data;
  const { shard, exists, config, log } = found;
  if (!exists || !config) {
    const failure = bareFailure('agent_unavailable', 'The agent was deleted before this task could run.');
    throw attemptError(failure, { retryable: false });
  }
  const closedMs = deps.gates.closedFor(config, ctx.now());
  if (closedMs !== undefined && canPark(job)) {
    await park(ctx, job, token, shard, closedMs, undefined);
    throw new DelayedError();
  }

  const outcome = await settle(ctx, taskId, () => attempt(ctx, deps, job, config, log, signal));
  if (outcome.outcome === 'succeeded') return outcome.result;
  // Also where something else ended the attempt first: a cancelled task is not tried again and not handed back.
  if (stoppedBy(signal, STOP_REASONS.cancelled) || (await isCancelled(ctx, shard, taskId))) {
    ctx.log.info({ task_id: taskId, agent_id }, 'cancelled');
    throw attemptError({ ...outcome.failure, error: CANCELLED }, { retryable: false });
  }
  if (stoppedBy(signal, STOP_REASONS.shutdown)) {
    await job.moveToWait(token);
    throw new WaitingError();
  }
  const { failure, retryable, retry_after_ms } = outcome;
  const { code, message } = failure.error;
  ctx.log.info({ task_id: taskId, agent_id, code, retry: retryable }, 'attempt failed');
  if (retryable && code === 'model_rate_limited' && retry_after_ms !== undefined && canPark(job)) {
    const delayMs = deps.gates.close(config, ctx.now(), retry_after_ms);
    await park(ctx, job, token, shard, delayMs, failure);
    throw new DelayedError();
  }
  const at = new Date(ctx.now()).toISOString();
  await log.append({ type: 'attempt_failed', at, attempt: job.attemptsMade + 1, code, message });
  throw attemptError(failure, { retryable, afterMs: retry_after_ms });
}

const stoppedBy = (signal: AbortSignal, reason: string): boolean =>
  signal.aborted && signal.reason === reason;

async function attempt(
  ctx: Context,
  { runAgent }: RunDeps,
  job: Job<TaskData>,
  config: AgentConfig,
  log: StepLog,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  const { agent_id, agent_version, payload, headers, rehearsal = false } = job.data;
  return await runAgent({
    task: {
      id: job.id ?? '',
      attempt: job.attemptsMade + 1,
      created_at: new Date(job.timestamp).toISOString(),
      rehearsal,
    },
    agent: { id: agent_id, version: agent_version, config: openSecrets(config, ctx.secrets, agent_id) },
    payload,
    headers,
    log,
    memory: memoryOf(ctx, agent_id, {
      task_id: job.id ?? '',
      trigger: (job.opts as StoredOptions)[ABOUT]?.trigger ?? 'webhook',
    }),
    documents: documentsOf(ctx, agent_id),
    pins: pinsOf(ctx, agent_id),
    signal,
  });
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
    // The job is another worker's by now; what is thrown here changes nothing any more.
    if (error instanceof LockLost) throw error;
    ctx.log.error({ err: error, task_id: taskId }, 'a run threw');
    const failure = bareFailure(
      'internal',
      'The run failed inside AgentHook. The worker log has the details.',
    );
    return { outcome: 'failed', failure, retryable: false };
  }
}
