import type { TaskTrace } from '@agenthook/contracts';
import type { Context } from '../context.js';
import {
  aboutOf,
  CONTINUED_BY_FIELD,
  OPTIONS_FIELD,
  payloadOf,
  REPLAYS_FIELD,
  type TaskData,
} from '../queue/job.js';
import { shardOf } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';
import { runData, shownEvents } from './bursts/burst-events.js';
import { originOf, scheduleOf } from './list/task-summary.js';
import { taskStatus } from './status.js';
import { failedAttempt, notesOf, stepsOf } from './steps.js';
import { readLogBeginning } from './task-log.js';

/** How much of a tool's result a trace shows, in characters of JSON. */
const SHOWN = 10_000;
/** How much of a task's journal a trace reads, in bytes. */
const MOST_LOG_BYTES = 4 * 1024 * 1024;

/**
 * The trace of a task: its journal up to MOST_LOG_BYTES, tool results up to SHOWN; undefined for an unknown
 * id.
 */
export async function taskTrace(ctx: Context, taskId: string): Promise<TaskTrace | undefined> {
  const shard = shardOf(taskId, ctx.queues.length);
  if (shard === undefined) return undefined;
  const [state, [data, replays, options, continuedBy], { log, more }] = await Promise.all([
    taskStatus(ctx, taskId),
    ctx.redis.hmget(keys.job(shard, taskId), 'data', REPLAYS_FIELD, OPTIONS_FIELD, CONTINUED_BY_FIELD),
    readLogBeginning(ctx, shard, taskId, MOST_LOG_BYTES),
  ]);
  if (!state || !data) return undefined;
  const stored = JSON.parse(data) as TaskData;
  const [task, events] = await Promise.all([
    runData(ctx, shard, taskId, stored),
    shownEvents(ctx, shard, taskId, stored),
  ]);
  const { agent_id, agent_version, headers, query = {}, files = [], replay_of = null } = task;
  const about = aboutOf(options);
  const prompt = log.find((entry) => entry.type === 'prompt');
  return {
    ...state,
    result: state.result && {
      ...state.result,
      tool_calls: (state.result.tool_calls ?? []).map((call) => ({ ...call, ...shown(call.result) })),
    },
    agent_id,
    agent_version,
    trigger: about?.trigger ?? 'webhook',
    via: about?.trigger ?? 'webhook',
    ...scheduleOf(about),
    idempotency_key: about?.key ?? null,
    ...(about?.filter_error !== undefined && { filter_error: about.filter_error }),
    ...(about?.conversation_error !== undefined && { conversation_error: about.conversation_error }),
    ...(about?.burst_error !== undefined && { burst_error: about.burst_error }),
    payload: payloadOf(task),
    ...(events && { events }),
    headers,
    attachments: files,
    query,
    replay_of,
    replays: replays ? replays.split(',') : [],
    ...originOf(about),
    continued_by: continuedBy ? continuedBy.split(',') : [],
    prompt: prompt ? { system: prompt.system, user: prompt.user } : null,
    steps: stepsOf(log).map((step) => ({
      ...step,
      tool_calls: step.tool_calls.map((call) => ({ ...call, ...shown(call.result) })),
    })),
    notes: notesOf(log),
    failed_attempts: log.flatMap((entry) => (entry.type === 'attempt_failed' ? [failedAttempt(entry)] : [])),
    ...(more && { log_truncated: true }),
  };
}

/** A tool's result, or the beginning of its JSON and its total length. */
export function shown(result: unknown): { result: unknown; truncated_characters?: number } {
  const json = JSON.stringify(result) ?? 'null';
  if (json.length <= SHOWN) return { result };
  return { result: json.slice(0, SHOWN), truncated_characters: json.length };
}
