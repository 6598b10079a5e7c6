import type { LogEntry, TaskTrace } from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import { readArchived } from '../archive/read-archived.js';
import type { Context } from '../context.js';
import {
  ATTACHED_FIELD,
  aboutOf,
  CONTINUED_BY_FIELD,
  payloadOf,
  REPLAYS_FIELD,
  type TaskData,
} from '../queue/job.js';
import { shardOf } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';
import { runData, shownEvents } from './bursts/burst-events.js';
import { originOf, parentOf, relayOf, scheduleOf } from './list/task-summary.js';
import { readTraceScript } from './read-trace.script.js';
import { archivedRow, STATE_OPTIONS, stateOf, unpackRow } from './status.js';
import { failedAttempt, notesOf, stepsOf, withReasons } from './steps.js';
import { allFiles, attachedIn, shownFile } from './task-files.js';

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
  const found = await readStored(ctx, shard, taskId);
  if (!found) return undefined;
  const { state, stored, replays, continuedBy, attached, options, log, more, archived } = found;
  const [task, events] = await Promise.all([
    runData(ctx, shard, taskId, stored),
    shownEvents(ctx, shard, taskId, stored),
  ]);
  const { agent_id, agent_version, headers, query = {}, replay_of = null } = task;
  const about = aboutOf(options);
  const prompt = log.find((entry) => entry.type === 'prompt');
  return {
    ...state,
    ...(archived && { archived: true as const }),
    result: state.result && {
      ...state.result,
      tool_calls: (state.result.tool_calls ?? []).map((call) => ({ ...call, ...shown(call.result) })),
    },
    agent_id,
    agent_version,
    ...(about?.draft && { draft: true as const }),
    trigger: about?.trigger ?? 'webhook',
    via: about?.trigger ?? 'webhook',
    sender: about?.sender ?? null,
    ...scheduleOf(about),
    ...parentOf(about),
    ...relayOf(about),
    idempotency_key: about?.key ?? null,
    ...(about?.filter_error !== undefined && { filter_error: about.filter_error }),
    ...(about?.conversation_error !== undefined && { conversation_error: about.conversation_error }),
    ...(about?.burst_error !== undefined && { burst_error: about.burst_error }),
    payload: (await payloadOf(task)) ?? null,
    ...(about?.retention?.store && { store: about.retention.store }),
    ...(events && { events }),
    headers,
    attachments: allFiles(task, attachedIn(attached)).map(shownFile),
    query,
    replay_of,
    replays: replays ? replays.split(',') : [],
    ...originOf(about),
    continued_by: continuedBy ? continuedBy.split(',') : [],
    prompt: prompt ? { system: prompt.system, user: prompt.user } : null,
    steps: withReasons(stepsOf(log, state.finished_at !== null), state.result?.tool_calls).map((step) => ({
      ...step,
      tool_calls: step.tool_calls.map((call) => ({ ...call, ...shown(call.result) })),
    })),
    notes: notesOf(log),
    failed_attempts: log.flatMap((entry) => (entry.type === 'attempt_failed' ? [failedAttempt(entry)] : [])),
    ...(more && { log_truncated: true }),
  };
}

/** All that is stored of a task, as read-trace.lua returns it; undefined for an unknown id. */
async function readRaw(ctx: Context, shard: number, taskId: string) {
  const [row, data, [replays, continuedBy, attached], entries, more] = await readTraceScript(
    ctx.redis,
    {
      job: keys.job(shard, taskId),
      delayed: keys.delayedJobs(shard),
      log: keys.taskLog(shard, taskId),
    },
    { id: taskId, mostBytes: MOST_LOG_BYTES },
  );
  if (row[0] || !ctx.archive)
    return {
      row,
      data,
      ...{ replays, continuedBy, attached },
      beginning: { entries, more: more === 1 },
      archived: false,
    };
  const archived = await readArchived(ctx, taskId);
  if (!archived) return undefined;
  const { fields, log = [] } = archived;
  return {
    row: archivedRow(archived),
    data: fields.data ?? null,
    replays: fields[REPLAYS_FIELD],
    continuedBy: fields[CONTINUED_BY_FIELD],
    attached: fields[ATTACHED_FIELD],
    beginning: beginningOf(log.map(([, entry]) => entry)),
    archived: true,
  };
}

/** The same, unpacked. */
async function readStored(ctx: Context, shard: number, taskId: string) {
  const raw = await readRaw(ctx, shard, taskId);
  if (!raw) return undefined;
  const { data, replays, continuedBy, attached, archived } = raw;
  const { row, texts } = await unpackRow(ctx, raw.row);
  const state = (await stateOf(ctx, taskId, row))?.state;
  const json = data ?? texts?.data;
  if (!state || !json) return undefined;
  const beginning = texts?.log ? beginningOf(texts.log.map(([, entry]) => entry)) : raw.beginning;
  const log = await Promise.all(
    beginning.entries.map(async (entry) => parseJson(await ctx.seal.read(entry)) as LogEntry),
  );
  const options = row[STATE_OPTIONS];
  return {
    state,
    stored: JSON.parse(json) as TaskData,
    replays,
    continuedBy,
    attached,
    options,
    log,
    more: beginning.more,
    archived,
  };
}

/** The first entries up to MOST_LOG_BYTES, at least one, and whether more follow. */
function beginningOf(all: readonly string[]): { entries: readonly string[]; more: boolean } {
  let bytes = 0;
  const end = all.findIndex((entry, n) => {
    bytes += entry.length;
    return n > 0 && bytes > MOST_LOG_BYTES;
  });
  return end === -1 ? { entries: all, more: false } : { entries: all.slice(0, end), more: true };
}

/** A tool's result, or the beginning of its JSON and its total length. */
export function shown(result: unknown): { result: unknown; truncated_characters?: number } {
  const json = JSON.stringify(result) ?? 'null';
  if (json.length <= SHOWN) return { result };
  return { result: json.slice(0, SHOWN), truncated_characters: json.length };
}
