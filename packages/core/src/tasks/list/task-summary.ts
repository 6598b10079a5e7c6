import { type AskKind, iso, isoOrNull, type TaskSummary } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import type { EndSummary } from '../../queue/ended-task.js';
import { type About, storedOptions } from '../../queue/job.js';
import { keys } from '../../redis/keys.js';
import { objectOf, timeOf } from '../../redis/stored-row.js';
import { attemptOf, statusOf } from '../status.js';
import { explain } from '../why/explain.js';
import { withText } from '../why/words.js';
import { readSummariesScript } from './read-summaries.script.js';

/**
 * Reads short summaries of one shard's tasks, without payload or result; undefined for those that are not in
 * Redis.
 */
export async function readStoredSummaries(
  ctx: Context,
  shard: number,
  ids: readonly string[],
): Promise<(TaskSummary | undefined)[]> {
  if (ids.length === 0) return [];
  const redisKeys = { delayed: keys.delayedJobs(shard), jobs: ids.map((id) => keys.job(shard, id)) };
  const rows = await readSummariesScript(ctx.redis, redisKeys, { ids });
  return await Promise.all(rows.map((row, index) => summaryOf(ctx, ids[index] ?? '', row)));
}

/** The schedule that made a task, if one did. */
export const scheduleOf = (about: About | undefined): Pick<TaskSummary, 'schedule'> =>
  about?.schedule ? { schedule: { id: about.schedule.id, due_at: iso(about.schedule.due) } } : {};

/** The task that has called another one. */
export const parentOf = (about: About | undefined): Pick<TaskSummary, 'parent'> =>
  about?.parent
    ? {
        parent: {
          task_id: about.parent.task,
          agent_id: about.parent.agents.at(-1) ?? '',
          call_id: about.parent.call,
        },
      }
    : {};

/** The task whose end made another one. A child of such a task has its own parent. */
export const relayOf = (about: About | undefined): Pick<TaskSummary, 'relayed_from'> =>
  about?.relay && !about.parent
    ? { relayed_from: { task_id: about.relay.task, agent_id: about.relay.agent } }
    : {};

/** The task that another one goes on from, at its end or at a step. */
export const originOf = (
  about: About | undefined,
): Pick<TaskSummary, 'continued_from' | 'replayed_from' | 'from_step'> => ({
  ...(about?.continued_from !== undefined && { continued_from: about.continued_from }),
  ...(about?.from_step !== undefined && {
    ...(about.replay_of !== undefined && { replayed_from: about.replay_of }),
    from_step: about.from_step,
  }),
});

type Row = Awaited<ReturnType<typeof readSummariesScript>>[number];

/** A summary, from what read-summaries.lua returns; undefined for a task that does not exist. */
export async function summaryOf(
  ctx: Context,
  id: string,
  [fields, hasResult, delayed, why]: Row,
): Promise<TaskSummary | undefined> {
  const [timestamp, options, firstStartedOn, finishedOn, made, ended, asks] = fields;
  const { about, attempts = 1 } = storedOptions(options);
  const createdMs = timeOf(timestamp);
  if (createdMs === undefined || !about) return undefined;
  const status = statusOf({ firstStartedOn, finishedOn, returnvalue: hasResult === 1 ? 'yes' : null });
  const ask = status === 'STARTED' ? firstAsk(asks, ctx.now()) : null;
  const waits = status === 'STARTED' && delayed !== null && ask === null;
  const startedMs = timeOf(firstStartedOn) ?? null;
  const finishedMs = timeOf(finishedOn) ?? null;
  const end = objectOf(ended) as EndSummary | undefined;
  return {
    task_id: id,
    agent_id: about.agent,
    agent_version: about.version,
    ...(about.draft && { draft: true as const }),
    status,
    trigger: about.trigger,
    via: about.trigger,
    sender: about.sender ?? null,
    ...scheduleOf(about),
    ...parentOf(about),
    ...relayOf(about),
    idempotency_key: about.key ?? null,
    replay_of: about.replay_of ?? null,
    ...originOf(about),
    ...(about.filter_error !== undefined && { filter_error: about.filter_error }),
    conversation_id: about.conversation ?? null,
    ...(about.conversation_error !== undefined && { conversation_error: about.conversation_error }),
    ...(about.burst_error !== undefined && { burst_error: about.burst_error }),
    created_at: iso(createdMs),
    started_at: isoOrNull(startedMs),
    finished_at: isoOrNull(finishedMs),
    attempt: attemptOf(status, waits, Number(made ?? 0)),
    max_attempts: attempts,
    waiting_for: ask ?? (await explain(ctx, why)),
    duration_ms: finishedMs !== null && startedMs !== null ? Math.max(0, finishedMs - startedMs) : null,
    error_code: end?.code ?? null,
    model: end?.model ?? null,
    steps: end?.steps ?? null,
    total_tokens: end ? end.input_tokens + end.output_tokens : null,
    cost_usd: end?.cost_usd ?? null,
  };
}

/** What a task asks for first, from the field of its job (asks.lua). */
function firstAsk(asks: string | null | undefined, now: number): TaskSummary['waiting_for'] {
  const [line] = asks?.split('\n', 1) ?? [];
  if (!line) return null;
  const [, expires, , kind, tool = ''] = line.split(' ');
  const until = iso(Number(expires));
  if (kind === 'agent') return withText({ kind, tool, until }, now);
  return withText({ kind: kind as AskKind, tool, expires_at: until }, now);
}
