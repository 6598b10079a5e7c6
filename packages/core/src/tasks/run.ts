import {
  type AgentConfig,
  type AttemptOutcome,
  iso,
  type StepLog,
  type TaskSuccess,
  type TaskTrigger,
} from '@agenthook/contracts';
import { DelayedError, type Job, WaitingError } from 'bullmq';
import type { Standing } from '../budget/standing.js';
import type { Context } from '../context.js';
import { attemptError, bareFailure } from '../queue/failure.js';
import { conversationOf, parentOf, type TaskData, triggerOf } from '../queue/job.js';
import { shardOf } from '../queue/task-id.js';
import type { Pulse } from '../redis/pulse.js';
import { expireAsks } from './asking/expire-asks.js';
import { type AttemptDeps, attempt } from './attempt.js';
import { cancelledBy } from './cancel-mark.js';
import { isParentOpen } from './children/end-children.js';
import { recordTurn } from './conversations/record-turn.js';
import { failureFromLog, STOPPED_BY } from './failure-from-log.js';
import { type Lease, releaseLease } from './leases.js';
import { type ConfigToRun, configOf } from './overrides.js';
import { canPark, park } from './park.js';
import { type HeldRun, inTime, overBudget, waitForDecision, waitForProvider } from './park-run.js';
import type { ProviderGates } from './provider-gates.js';
import type { Place, Recovery } from './recovery.js';
import { attemptAlone, type HeldTask, type RunAlone } from './run-alone.js';
import { openRunLog, type RunLog } from './run-log.js';
import { noteStart } from './start.js';
import { openTaskLog } from './task-log.js';
import { timeLeft, tookTooLong } from './time-left.js';

/** Why a local run was stopped from outside: the `reason` of its AbortSignal. */
export const STOP_REASONS = {
  shutdown: 'shutdown',
  lockLost: 'lock_lost',
  cancelled: 'cancelled',
} as const;

export interface RunDeps extends AttemptDeps {
  gates: ProviderGates;
  recovery: Recovery;
  /** Reads how an agent stands with its budgets. */
  standingOf: (agentId: string) => Promise<Standing>;
  pulse: Pulse;
  /** If undefined, tasks that may kill workers run along with others. */
  runAlone: RunAlone | undefined;
}

/** A task that has started here. */
interface StartedTask extends HeldRun {
  /** Whether a budget applies to it. */
  isBudgeted: boolean;
  /** Runs the task in its own process; if undefined, it runs here. */
  runAlone: RunAlone | undefined;
}

/**
 * Runs one attempt at a task and returns its SUCCESS result, sealed if sealing is on. Otherwise throws the
 * error that tells BullMQ how the attempt ended: an error whose message is the FAILURE result, to be retried
 * or not (a cancelled task never is); WaitingError if the job was handed back on shutdown; DelayedError if it
 * was parked. A task is parked if its provider said when to come back, a budget is used up, its agent is
 * paused or at max_concurrency, a call waits for a decision, or it lost its worker and the places for such
 * tasks are taken.
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
): Promise<TaskSuccess | string> {
  try {
    const result = await runOnce(ctx, deps, job, token, signal);
    return ctx.seal.isOn ? await ctx.seal.keep(JSON.stringify(result)) : result;
  } catch (error) {
    if (error instanceof Error) error.message = await ctx.seal.keepFailure(error.message);
    throw error;
  }
}

async function runOnce(
  ctx: Context,
  deps: RunDeps,
  job: Job<TaskData>,
  token: string,
  signal: AbortSignal,
): Promise<TaskSuccess> {
  const id = job.id ?? '';
  const shard = shardOf(id, ctx.queues.length) ?? 0;
  const held = { shard, id, token };
  if (job.attemptsStarted === 1) await deps.pulse.calm();
  const told = openRunLog(ctx, job);
  const place = await deps.recovery.enter(job, token, shard);
  if (!place) {
    told.parked('worker_lost');
    throw new DelayedError();
  }
  let lease: Lease | undefined;
  try {
    const started = await start(ctx, deps, job, held, place, told);
    lease = started.lease;
    const task = { job, held, told, isBudgeted: started.standing.applies, ...found(started, told) };
    if (timeLeft(ctx, job, task.config) === 0) {
      const failure = failureFromLog(task.log.entries, await tookTooLong(ctx, task.config, job));
      told.failed({ code: failure.error.code, retryable: false });
      throw attemptError(failure, { retryable: false });
    }
    const { refusal } = started.standing;
    if (refusal) return await overBudget(ctx, task, refusal);
    await waitForProvider(ctx, deps.gates, task);
    told.started();
    const runAlone = place.alone ? deps.runAlone : undefined;
    const outcome = runAlone
      ? await attemptAlone(ctx, runAlone, held, signal)
      : await attempt(ctx, deps, task, signal);
    if (outcome.outcome === 'succeeded') {
      deps.gates.answered(task.config);
      const conversation = conversationOf(job);
      if (conversation !== undefined) await recordTurn(ctx, held, conversation);
      told.succeeded();
      return outcome.result;
    }
    if (outcome.outcome === 'over_budget')
      return await overBudget(ctx, task, outcome.refusal, outcome.failure);
    if (outcome.outcome === 'waiting') return await waitForDecision(ctx, task, outcome.calls);
    return await fail(ctx, deps.gates, { ...task, runAlone }, outcome, signal);
  } finally {
    if (lease) {
      await releaseLease(ctx, lease).catch((error) =>
        ctx.log.warn({ err: error, task_id: id }, 'a place was not freed; it will be'),
      );
    }
    place.leave();
  }
}

/**
 * Starts a task, with a lease if its agent has max_concurrency. Throws like runTask if the task may not run.
 */
async function start(
  ctx: Context,
  deps: RunDeps,
  job: Job<TaskData>,
  held: HeldTask,
  place: Place,
  told: RunLog,
) {
  const { agent_id } = job.data;
  // This worker caches versions, so it rarely reads one from Redis.
  const config = await configOf(deps.versions, job.data);
  const lease = { ...held, agentId: agent_id, maxConcurrency: config?.limits.max_concurrency ?? 0 };
  const passed = job.stalledCounter !== 0 && { onPassed: place.passed };
  const parent = parentOf(job);
  const [standing, log, started, isWanted] = await Promise.all([
    deps.standingOf(agent_id),
    openTaskLog(ctx, {
      ...held,
      agentId: agent_id,
      fresh: job.attemptsStarted === 1 && job.data.copied_steps === undefined,
      ...passed,
    }),
    noteStart(ctx, {
      ...lease,
      createdMs: job.timestamp,
      // BullMQ computes processedOn before it asks for the job, and then may wait as long as Redis is away.
      startedMs: ctx.now(),
      // What a person starts runs while the agent is paused, so that they can try what they changed.
      waitsForPause: comesByItself(triggerOf(job)),
      ...heeded(triggerOf(job), config),
      conversation: conversationOf(job),
    }),
    parent === undefined || isParentOpen(ctx, parent),
  ]);
  if (started === 'agent_paused' || started === 'paused') told.parked(started);
  if (started === 'runs' && job.attemptsMade === 0 && job.attemptsStarted === 1)
    ctx.metrics.observe('wait_duration_seconds', [agent_id], ctx.now() - job.timestamp);
  if (started === 'parked') told.parked('max_concurrency');
  const isHeld = started === 'agent_paused' || started === 'paused';
  if (isHeld || started === 'parked' || started === 'withdrawn') throw new DelayedError();
  const stopped = started === 'cancelled' || started === 'superseded' ? started : !isWanted && 'cancelled';
  if (stopped) {
    told.stopped(stopped);
    throw attemptError(failureFromLog(log.entries, STOPPED_BY[stopped]), { retryable: false });
  }
  const grown = await expireAsks(ctx, held, log.entries, job.attemptsMade + 1);
  return {
    standing,
    config: standing.exists ? config : undefined,
    log: grown ? await openTaskLog(ctx, { ...held, agentId: agent_id, fresh: false, ...passed }) : log,
    lease: lease.maxConcurrency > 0 ? lease : undefined,
  };
}

/** Whether no person asked for the task. */
const comesByItself = (trigger: TaskTrigger | undefined): boolean =>
  trigger === 'webhook' || trigger === 'schedule' || trigger === 'agent' || trigger === 'destination';

/** A test ignores pauses by people, so that they can try what they changed. */
const heeded = (trigger: TaskTrigger | undefined, config: AgentConfig | undefined) =>
  trigger !== 'test' && { models: config ? [config.model, ...config.fallback_models] : [] };

/** What a started task runs with. Throws if its agent was deleted, or cannot be read. */
function found({ config, log }: { config: ConfigToRun | undefined; log: StepLog }, told: RunLog) {
  if (config && !config.problem?.blocks_runs) return { config, log };
  const failure = bareFailure(
    'agent_unavailable',
    config?.problem
      ? `${config.problem.detail} Then replay the task.`
      : 'The agent was deleted before this task could run.',
  );
  told.failed({ code: failure.error.code, retryable: false });
  throw attemptError(failure, { retryable: false });
}

/** Ends an unsuccessful attempt by throwing the error that tells BullMQ how. */
async function fail(
  ctx: Context,
  gates: ProviderGates,
  { job, held, config, log, runAlone, told }: StartedTask,
  outcome: Extract<AttemptOutcome, { outcome: 'failed' }>,
  signal: AbortSignal,
): Promise<never> {
  const { shard, id: taskId, token } = held;
  // Even if something else ended the attempt first: a cancelled task is neither retried nor handed back.
  const stopped = await cancelledBy(ctx, shard, taskId);
  if (stopped || stoppedBy(signal, STOP_REASONS.cancelled)) {
    const error = STOPPED_BY[stopped ?? 'cancelled'];
    told.stopped(error.code);
    throw attemptError({ ...outcome.failure, error }, { retryable: false });
  }
  // A failed renewal for an earlier run of the task also stops this one, whose lock may be valid; then the
  // task is handed back. If the lock is invalid, this throws, and the task belongs to another worker.
  if (stoppedBy(signal, STOP_REASONS.shutdown) || stoppedBy(signal, STOP_REASONS.lockLost)) {
    await job.moveToWait(token);
    told.handedBack();
    throw new WaitingError();
  }
  const { failure, retryable, retry_after_ms, provider } = outcome;
  const { code, message } = failure.error;
  if (
    retryable &&
    code === 'model_rate_limited' &&
    retry_after_ms !== undefined &&
    canPark(job, log.entries)
  ) {
    const closing = inTime(ctx, job, config, gates.close(config, ctx.now(), retry_after_ms));
    await park(ctx, job, token, shard, closing, failure);
    told.parked('rate_limit', closing.delay_ms);
    throw new DelayedError();
  }
  // If the task ran alone, another process has written to its journal.
  const current = runAlone ? await openTaskLog(ctx, { ...held, fresh: false }) : log;
  const at = iso(ctx.now());
  const about = { at, attempt: job.attemptsMade + 1, code, message, ...(provider && { provider }) };
  await current.append({ type: 'attempt_failed', ...about });
  const conversation = conversationOf(job);
  const isLast = !retryable || job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
  if (conversation !== undefined && isLast)
    await recordTurn(ctx, held, conversation, { code, user: outcome.user });
  told.failed({ code, retryable, provider });
  throw attemptError(failure, { retryable, afterMs: retry_after_ms });
}

const stoppedBy = (signal: AbortSignal, reason: string): boolean =>
  signal.aborted && signal.reason === reason;
