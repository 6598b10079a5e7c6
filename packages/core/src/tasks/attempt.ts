import {
  type AgentConfig,
  type AttemptOutcome,
  iso,
  type RunAgent,
  type StepLog,
} from '@agenthook/contracts';
import type { Job } from 'bullmq';
import { documentsOf } from '../agents/documents/documents-of.js';
import { memoryOf } from '../agents/memory-store.js';
import { grantsOf } from '../agents/oauth-grants.js';
import { pinsOf } from '../agents/pin-store.js';
import { openSecrets } from '../agents/tool-secrets.js';
import type { VersionCache } from '../agents/version-cache.js';
import { openBudget } from '../budget/open-budget.js';
import type { Context } from '../context.js';
import { withOpenModels } from '../pauses/open-models.js';
import { bareFailure } from '../queue/failure.js';
import { ABOUT, payloadOf, type StoredOptions, type TaskData } from '../queue/job.js';
import { runData } from './bursts/burst-events.js';
import { agentsOf } from './children/agents-port.js';
import { earlierTurns } from './conversations/read-turns.js';
import { configOf } from './overrides.js';
import type { HeldTask } from './run-alone.js';
import { filesOf, readAttached } from './task-files.js';
import { LockLost, openTaskLog } from './task-log.js';
import { timeLeft } from './time-left.js';

export interface AttemptDeps {
  runAgent: RunAgent;
  versions: VersionCache;
}

/**
 * Runs the agent once for a started task, and returns the outcome. An exception from the agent is a defect of
 * ours: it is logged in full, and the caller gets a failure without its text. Throws LockLost if another
 * worker holds the task.
 */
export async function attempt(
  ctx: Context,
  { runAgent, versions }: AttemptDeps,
  {
    job,
    held,
    config,
    log,
    isBudgeted,
  }: { job: Job<TaskData>; held: HeldTask; config: AgentConfig; log: StepLog; isBudgeted: boolean },
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  const { id, shard } = held;
  const about = (job.opts as StoredOptions)[ABOUT];
  const isTest = about?.trigger === 'test';
  const time_left_ms = timeLeft(ctx, job, config);
  const budget = isBudgeted ? openBudget(ctx, { id, agentId: job.data.agent_id, log }) : undefined;
  try {
    const data = await runData(ctx, shard, id, job.data);
    const attached = job.attemptsStarted > 1 ? await readAttached(ctx, shard, id) : [];
    const open = isTest ? config : await withOpenModels(ctx, shard, config);
    const { agent_id, agent_version, headers, query = {}, rehearsal = false, fence_id, note } = data;
    const outcome = await runAgent({
      task: {
        id,
        attempt: job.attemptsMade + 1,
        created_at: iso(job.timestamp),
        rehearsal,
        ...(about?.conversation !== undefined && { conversation_id: about.conversation }),
        ...(fence_id !== undefined && { fence_id }),
        ...(note !== undefined && { note }),
        ...(time_left_ms !== undefined && { time_left_ms }),
      },
      agent: { id: agent_id, version: agent_version, config: openSecrets(open, ctx.secrets, agent_id) },
      payload: await payloadOf(data),
      headers,
      query,
      earlier: await earlierTurns(ctx, shard, id, about?.conversation),
      attachments: filesOf(ctx, held, data, attached),
      log: budget?.log ?? log,
      ...(budget && { budget }),
      memory: memoryOf(ctx, agent_id, {
        task_id: id,
        trigger: about?.trigger ?? 'webhook',
      }),
      documents: documentsOf(ctx, agent_id),
      pins: pinsOf(ctx, agent_id),
      agents: agentsOf(ctx, versions, {
        id,
        shard,
        agents: [...(about?.parent?.agents ?? []), agent_id],
        rehearsal,
        relay: about?.relay,
      }),
      grants: grantsOf(ctx, agent_id),
      signal,
    });
    const refusal = budget?.refusal();
    if (refusal && outcome.outcome === 'failed' && outcome.failure.error.code === 'budget_exhausted')
      return { outcome: 'over_budget', failure: outcome.failure, refusal };
    return outcome;
  } catch (error) {
    if (error instanceof LockLost) throw error;
    ctx.log.error({ err: error, task_id: id }, 'a run threw');
    const failure = bareFailure(
      'internal',
      'The run failed inside AgentHook. The worker log has the details.',
    );
    return { outcome: 'failed', failure, retryable: false };
  } finally {
    await budget
      ?.settle()
      .catch((error) =>
        ctx.log.warn({ err: error, task_id: id }, 'what a run spent is not counted yet; it will be'),
      );
  }
}

/**
 * Runs one attempt at a task that another process holds and has started. Returns its outcome; undefined if
 * that process no longer holds the task.
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
  const config = job && (await configOf(deps.versions, job.data));
  if (!job || !config) return undefined;
  const log = await openTaskLog(ctx, {
    ...held,
    agentId: job.data.agent_id,
    fresh: false,
    onPassed: () => {},
  });
  try {
    return await attempt(ctx, deps, { job, held, config, log, isBudgeted: true }, signal);
  } catch (error) {
    if (error instanceof LockLost) return undefined;
    throw error;
  }
}
