import {
  type AgentConfig,
  type AttemptOutcome,
  iso,
  type RunAgent,
  type StepLog,
  type TaskSuccess,
} from '@agenthook/contracts';
import { DelayedError, type Job, WaitingError } from 'bullmq';
import { documentsOf } from '../agents/documents/documents-of.js';
import { memoryOf } from '../agents/memory-store.js';
import { pinsOf } from '../agents/pin-store.js';
import { agentExists } from '../agents/read-agent.js';
import { openSecrets } from '../agents/tool-secrets.js';
import type { VersionCache } from '../agents/version-cache.js';
import type { Context } from '../context.js';
import { attemptError, bareFailure } from '../queue/failure.js';
import { ABOUT, type StoredOptions, type TaskData } from '../queue/job.js';
import { shardOf } from '../queue/task-id.js';
import { isCancelled } from './cancel-mark.js';
import { CANCELLED, failureFromLog } from './failure-from-log.js';
import { releaseLease } from './leases.js';
import { canPark, park } from './park.js';
import type { ProviderGates } from './provider-gates.js';
import type { Place, Recovery } from './recovery.js';
import { attemptAlone, type HeldTask, type RunAlone } from './run-alone.js';
import { noteStart } from './start.js';
import { LockLost, openTaskLog } from './task-log.js';

/** Why a local run was stopped from outside; the `reason` of its AbortSignal. */
export const STOP_REASONS = {
  shutdown: 'shutdown',
  lockLost: 'lock_lost',
  cancelled: 'cancelled',
} as const;

export interface AttemptDeps {
  runAgent: RunAgent;
  versions: VersionCache;
}

export interface RunDeps extends AttemptDeps {
  gates: ProviderGates;
  recovery: Recovery;
  /** Undefined: tasks that are suspected of killing workers run beside others. */
  runAlone: RunAlone | undefined;
}

/**
 * Runs one attempt at a task and returns its SUCCESS result. Throws what tells BullMQ how it ended else: an error whose
 * message is the FAILURE result, to be tried again or not (one that was cancelled never is); WaitingError once the job
 * was handed back on shutdown; DelayedError once it was parked, because its provider said when to come back, because its
 * agent runs as many tasks as it may, or because it lost its worker and others that did are being run.
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
  const place = await deps.recovery.enter(job, token, shard);
  if (!place) throw new DelayedError();
  try {
    return await runInPlace(ctx, deps, job, { shard, id, token }, signal, place);
  } finally {
    place.leave();
  }
}

/** Does as runTask, for a task that has a place. */
async function runInPlace(
  ctx: Context,
  deps: RunDeps,
  job: Job<TaskData>,
  held: HeldTask,
  signal: AbortSignal,
  place: Place,
): Promise<TaskSuccess> {
  const { agent_id, agent_version } = job.data;
  // Kept by this worker, so nearly always there already.
  const config = await deps.versions(agent_id, agent_version);
  const lease = { ...held, agentId: agent_id, maxConcurrency: config?.limits.max_concurrency ?? 0 };
  const [exists, log, start] = await Promise.all([
    agentExists(ctx, agent_id),
    openTaskLog(ctx, {
      ...held,
      fresh: job.attemptsStarted === 1,
      ...(job.stalledCounter !== 0 && { onPassed: place.passed }),
    }),
    // BullMQ's processedOn is of the last start.
    noteStart(ctx, { ...lease, createdMs: job.timestamp, startedMs: job.processedOn ?? ctx.now() }),
  ]);
  if (start === 'parked') throw new DelayedError();
  if (start === 'cancelled') throw attemptError(failureFromLog(log.entries, CANCELLED), { retryable: false });
  try {
    return await runStarted(ctx, deps, job, held, signal, { exists, config, log, place });
  } finally {
    if (lease.maxConcurrency > 0) {
      await releaseLease(ctx, lease).catch((error) =>
        ctx.log.warn({ err: error, task_id: held.id }, 'a place was not freed; it will be'),
      );
    }
  }
}

/** Does as runTask, for a task that may run. */
async function runStarted(
  ctx: Context,
  deps: RunDeps,
  job: Job<TaskData>,
  held: HeldTask,
  signal: AbortSignal,
  found: { exists: boolean; config: AgentConfig | undefined; log: StepLog; place: Place },
): Promise<TaskSuccess> {
  const { shard, id: taskId, token } = held;
  const { agent_id } = job.data;
  const { exists, config, place } = found;
  if (!exists || !config) {
    const failure = bareFailure('agent_unavailable', 'The agent was deleted before this task could run.');
    throw attemptError(failure, { retryable: false });
  }
  const closedMs = deps.gates.closedFor(config, ctx.now());
  if (closedMs !== undefined && canPark(job)) {
    await park(ctx, job, token, shard, closedMs, undefined);
    throw new DelayedError();
  }

  const runAlone = place.alone ? deps.runAlone : undefined;
  const outcome = runAlone
    ? await attemptAlone(ctx, runAlone, held, signal)
    : await settle(ctx, taskId, () => attempt(ctx, deps, job, config, found.log, signal));
  if (outcome.outcome === 'succeeded') return outcome.result;
  // Also where something else ended the attempt first: a cancelled task is not tried again and not handed back.
  if (stoppedBy(signal, STOP_REASONS.cancelled) || (await isCancelled(ctx, shard, taskId))) {
    ctx.log.info({ task_id: taskId, agent_id }, 'cancelled');
    throw attemptError({ ...outcome.failure, error: CANCELLED }, { retryable: false });
  }
  // A renewal that failed for an earlier run of the task stops this one too, whose lock may be good: then it is given back.
  // Where it is not, this throws, and the task is another worker's.
  if (stoppedBy(signal, STOP_REASONS.shutdown) || stoppedBy(signal, STOP_REASONS.lockLost)) {
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
  const at = iso(ctx.now());
  // Another process has written into that of a task that ran alone.
  const log = runAlone ? await openTaskLog(ctx, { ...held, fresh: false }) : found.log;
  await log.append({ type: 'attempt_failed', at, attempt: job.attemptsMade + 1, code, message });
  throw attemptError(failure, { retryable, afterMs: retry_after_ms });
}

const stoppedBy = (signal: AbortSignal, reason: string): boolean =>
  signal.aborted && signal.reason === reason;

/**
 * Runs one attempt at a task that another process holds and has started, and returns its outcome; undefined where the task
 * is no more that process's.
 *
 * @param signal aborted with one of STOP_REASONS as its reason
 */
export async function runHeldTask(
  ctx: Context,
  deps: AttemptDeps,
  held: HeldTask,
  signal: AbortSignal,
): Promise<AttemptOutcome | undefined> {
  const job = await ctx.queues[held.shard]?.getJob(held.id);
  const config = job && (await deps.versions(job.data.agent_id, job.data.agent_version));
  if (!job || !config) return undefined;
  const log = await openTaskLog(ctx, { ...held, fresh: false, onPassed: () => {} });
  try {
    return await settle(ctx, held.id, () => attempt(ctx, deps, job, config, log, signal));
  } catch (error) {
    if (error instanceof LockLost) return undefined;
    throw error;
  }
}

async function attempt(
  ctx: Context,
  { runAgent }: AttemptDeps,
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
      created_at: iso(job.timestamp),
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
