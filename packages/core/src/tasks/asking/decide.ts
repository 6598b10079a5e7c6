import {
  type AskedEntry,
  type DecidedEntry,
  type DecisionBody,
  type DecisionMade,
  iso,
  type LogEntry,
} from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import type { Caller } from '../../access/find-caller.js';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { aboutOf } from '../../queue/job.js';
import { shardOf } from '../../queue/task-id.js';
import { keys } from '../../redis/keys.js';
import { taskStatus, unknownTask } from '../status.js';
import { readTaskLog, storedEntry } from '../task-log.js';
import { mayDecide } from './approvers.js';
import { checkDecision } from './check-decision.js';
import { decideScript } from './decide.script.js';
import { AGENT_DELETED } from './end-asking.js';
import { readAskScript } from './read-ask.script.js';

/** What someone decides about a call of a task. */
export interface DecisionOn {
  taskId: string;
  /** The call's id, as lists of approvals show it. */
  callId: string;
  decision: DecisionBody;
  /** Who decides; undefined for the holder of a link who has not signed in. */
  by: Caller | undefined;
  /** Whether a link entitles its holder to decide, even a caller who is no approver. */
  byLink?: boolean;
}

/**
 * Decides about a call that waits, once, and lets its task go on.
 *
 * Throws `unknown_task`, `unknown_approval`, `forbidden` for someone who is no approver, `invalid_decision`,
 * `already_decided`, `approval_expired`, `task_finished`, and `busy` if the decision could not be checked.
 */
export async function decide(
  ctx: Context,
  { taskId, callId, decision, by, byLink = false }: DecisionOn,
): Promise<DecisionMade> {
  const shard = shardOf(taskId, ctx.queues.length);
  if (shard === undefined) throw unknownTask();
  const asked = await openAsk(ctx, shard, taskId, callId);
  if (!byLink && !(by && mayDecide(by, asked.approvers))) {
    throw new AppError('forbidden', `Only these may decide: ${asked.approvers.join(', ')}.`);
  }
  const checked = await checkDecision(ctx.bounded, asked, decision);
  const at = iso(ctx.now());
  const entry: DecidedEntry = {
    type: 'decided',
    at,
    attempt: asked.attempt,
    call: asked.call,
    ...checked,
    by: by ? { name: by.name, key_id: by.key_id } : null,
  };
  const outcome = await decideScript(
    ctx.redis,
    {
      job: keys.job(shard, taskId),
      log: keys.taskLog(shard, taskId),
      events: keys.queueEvents(shard),
      asking: keys.asking(shard),
      delayed: keys.delayedJobs(shard),
      wait: keys.waitingJobs(shard),
      marker: keys.queueMarker(shard),
    },
    { id: taskId, call: callId, entry: await storedEntry(ctx, entry) },
  );
  switch (outcome) {
    case 'decided':
      return { task_id: taskId, call_id: callId, decision: checked.decision, decided_at: at };
    case 'expired':
      throw new AppError('approval_expired');
    case 'not_open':
      throw await closed(ctx, shard, taskId, callId);
  }
}

/** What a task asks about a call. Throws like decide if that is no longer open. */
export async function readAsk(ctx: Context, taskId: string, callId: string): Promise<AskedEntry> {
  const shard = shardOf(taskId, ctx.queues.length);
  if (shard === undefined) throw unknownTask();
  const asked = await openAsk(ctx, shard, taskId, callId);
  if (asked.expires_ms <= ctx.now()) throw new AppError('approval_expired');
  return asked;
}

/** The ask of a call that is still open. Throws what says why it is not. */
async function openAsk(ctx: Context, shard: number, taskId: string, callId: string): Promise<AskedEntry> {
  const redisKeys = { job: keys.job(shard, taskId), log: keys.taskLog(shard, taskId) };
  const [state, json, options] = await readAskScript(ctx.redis, redisKeys, { call: callId });
  if (state === 'unknown') throw unknownTask();
  const entry = json === null ? undefined : (parseJson(await ctx.seal.read(json)) as LogEntry);
  if (entry?.type !== 'asked') throw await closed(ctx, shard, taskId, callId);
  // Its task is about to end.
  const agentId = aboutOf(options)?.agent;
  if (agentId !== undefined && (await ctx.redis.exists(keys.agent(agentId))) === 0) throw agentDeleted();
  return entry;
}

const agentDeleted = () =>
  new AppError('task_finished', 'The agent was deleted before anybody decided, so its task ends.');

/** Why a decision about a call comes too late, or about a call that never waited. */
async function closed(ctx: Context, shard: number, taskId: string, callId: string): Promise<AppError> {
  const log = await readTaskLog(ctx, shard, taskId);
  const asked = log.find((entry) => entry.type === 'asked' && entry.call_id === callId);
  if (asked?.type !== 'asked') return new AppError('unknown_approval');
  const decided = log.find((entry) => entry.type === 'decided' && entry.call === asked.call);
  if (decided?.type !== 'decided') {
    const result = (await taskStatus(ctx, taskId))?.result;
    if (result && 'error' in result && result.error.code === AGENT_DELETED.code) return agentDeleted();
    return new AppError('task_finished', 'The task had ended before anybody decided.');
  }
  return decided.decision === 'expire' ? new AppError('approval_expired') : new AppError('already_decided');
}
