import {
  type AgentConfig,
  type BudgetRefusal,
  budgetDetail,
  type StepLog,
  type TaskFailure,
} from '@agenthook/contracts';
import { DelayedError, type Job } from 'bullmq';
import type { Context } from '../context.js';
import { attemptError } from '../queue/failure.js';
import type { TaskData } from '../queue/job.js';
import { parkAsking } from './asking/park-asking.js';
import { cancelledBy } from './cancel-mark.js';
import { failureFromLog, STOPPED_BY } from './failure-from-log.js';
import { canPark, park } from './park.js';
import { parkUnfunded } from './park-unfunded.js';
import type { Closing, ProviderGates } from './provider-gates.js';
import type { HeldTask } from './run-alone.js';
import type { RunLog } from './run-log.js';
import { LockLost, readTaskLog } from './task-log.js';
import { timeLeft } from './time-left.js';

/** A task that this worker holds, and may park. */
export interface HeldRun {
  job: Job<TaskData>;
  held: HeldTask;
  config: AgentConfig;
  log: StepLog;
  told: RunLog;
}

/**
 * Parks a task whose budget is used up, or ends it if the budget says so. Throws like runTask.
 *
 * @param failure the result if it ends; undefined if it has not run in this attempt
 */
export async function overBudget(
  ctx: Context,
  { job, held, config, log, told }: HeldRun,
  refusal: BudgetRefusal,
  failure?: TaskFailure,
): Promise<never> {
  const error = { code: 'budget_exhausted', message: budgetDetail(refusal) } as const;
  if (refusal.on_limit === 'reject' && !refusal.isBusy) {
    told.failed({ code: error.code, retryable: false });
    throw attemptError(failure ?? failureFromLog(log.entries, error), { retryable: false });
  }
  const wait_ms = refusal.until_ms - ctx.now();
  const delay_ms = Math.max(0, Math.min(wait_ms, timeLeft(ctx, job, config) ?? wait_ms));
  const parked = await parkUnfunded(ctx, held, job, refusal, delay_ms);
  if (parked === 'parked') {
    told.parked('budget', delay_ms);
    throw new DelayedError();
  }
  return await endUnparked(ctx, { held, told }, parked);
}

/** Ends a task that could not be parked. Throws like runTask. */
async function endUnparked(
  ctx: Context,
  { held, told }: Pick<HeldRun, 'held' | 'told'>,
  why: 'lost' | 'cancelled',
): Promise<never> {
  if (why === 'lost') throw new LockLost(`task ${held.id} is another worker's`);
  const error = STOPPED_BY[(await cancelledBy(ctx, held.shard, held.id)) ?? 'cancelled'];
  told.stopped(error.code);
  const log = await readTaskLog(ctx, held.shard, held.id);
  throw attemptError(failureFromLog(log, error), { retryable: false });
}

/** Parks a task whose calls wait for decisions. Throws like runTask. */
export async function waitForDecision(
  ctx: Context,
  { held, told }: Pick<HeldRun, 'held' | 'told'>,
  calls: string[],
): Promise<never> {
  const parked = await parkAsking(ctx, held, calls);
  switch (parked) {
    case 'lost':
    case 'cancelled':
      return await endUnparked(ctx, { held, told }, parked);
    case 'parked':
    case 'resumed':
      told.parked('decision');
      throw new DelayedError();
  }
}

/** Parks a task whose provider has asked this worker to wait. */
export async function waitForProvider(
  ctx: Context,
  gates: ProviderGates,
  { job, held, config, log, told }: HeldRun,
): Promise<void> {
  if (!canPark(job, log.entries)) return;
  const closed = gates.closedFor(config, ctx.now());
  if (!closed) return;
  const closing = inTime(ctx, job, config, closed);
  await park(ctx, job, held.token, held.shard, closing, undefined);
  told.parked('rate_limit', closing.delay_ms);
  throw new DelayedError();
}

/** A wait that ends with the time of the task. */
export function inTime(ctx: Context, job: Job<TaskData>, config: AgentConfig, closed: Closing): Closing {
  return { ...closed, delay_ms: Math.min(closed.delay_ms, timeLeft(ctx, job, config) ?? closed.delay_ms) };
}
