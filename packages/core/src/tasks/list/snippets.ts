import type { TaskSummary, TaskText } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { AGENT } from '../../agents/agent-hash.js';
import { gateOf } from '../../agents/stored/parse-gate.js';
import type { Context } from '../../context.js';
import { shardOf } from '../../queue/task-id.js';
import { keys } from '../../redis/keys.js';
import { readTaskTexts, type TaskTexts } from './task-texts.js';

/** Which parts of their texts tasks are shown with, and how much of each, in characters. */
export interface Shown {
  include: ReadonlySet<TaskText>;
  most: number;
}

/** Tasks with parts of their texts. Reads texts only where a part is wanted. */
export async function withSnippets(
  ctx: Context,
  tasks: readonly TaskSummary[],
  { include, most }: Shown,
): Promise<TaskSummary[]> {
  if (include.size === 0) return [...tasks];
  const paths = include.has('title') ? await titlePaths(ctx, tasks) : new Map<string, string>();
  const needs = ({ agent_id }: TaskSummary) =>
    include.has('payload') || include.has('answer') || paths.has(agent_id);
  const texts = await textsById(ctx, tasks.filter(needs), (found, { agent_id }) => ({
    title: titleOf(found, paths.get(agent_id), most),
    payload_snippet: beginningOf(asText(found.event.payload), most),
    answer_snippet: found.result ? beginningOf(answerOf(found.result), most) : null,
  }));
  return tasks.map((task) => {
    const found = texts.get(task.task_id);
    return {
      ...task,
      ...(include.has('title') && { title: found?.title ?? null }),
      ...(include.has('payload') && { payload_snippet: found?.payload_snippet ?? null }),
      ...(include.has('answer') && { answer_snippet: found?.answer_snippet ?? null }),
    };
  });
}

/** Keeps of each task's texts what `keep` returns, so that no more than one command's texts are in memory. */
async function textsById<Kept>(
  ctx: Context,
  tasks: readonly TaskSummary[],
  keep: (texts: TaskTexts, task: TaskSummary) => Kept,
): Promise<Map<string, Kept>> {
  const kept = new Map<string, Kept>();
  for (const shard of ctx.queues.keys()) {
    const own = tasks.filter(({ task_id }) => shardOf(task_id, ctx.queues.length) === shard);
    let n = 0;
    const ids = own.map(({ task_id }) => task_id);
    for await (const texts of readTaskTexts(ctx, shard, ids)) {
      const task = own[n++];
      if (texts && task) kept.set(task.task_id, keep(texts, task));
    }
  }
  return kept;
}

/** The title paths of the tasks' agents, of those that have one now. */
async function titlePaths(ctx: Context, tasks: readonly TaskSummary[]): Promise<Map<string, string>> {
  const ids = [...new Set(tasks.map(({ agent_id }) => agent_id))];
  const batch = ctx.redis.pipeline();
  for (const id of ids) batch.hget(keys.agent(id), AGENT.gate);
  const gates = (await batch.exec()) ?? [];
  const paths = ids.map((id, n): [string, string | undefined] => {
    const gate = gates[n]?.[1];
    return [id, typeof gate === 'string' ? gateOf(gate)?.title_path : undefined];
  });
  return new Map(paths.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function titleOf({ event }: TaskTexts, path: string | undefined, most: number): string | null {
  if (path === undefined) return null;
  const value = valueAt(event, path.replaceAll('[', '.').replaceAll(']', ''));
  return value === undefined || value === null ? null : beginningOf(asText(value), most);
}

const answerOf = (result: NonNullable<TaskTexts['result']>): string =>
  'error' in result ? result.error.message : result.answer;

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

/** The beginning of a text in one line. It does not end in half of a surrogate pair. */
function beginningOf(text: string, most: number): string {
  const line = text
    .slice(0, 2 * most)
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= most && text.length <= 2 * most) return line;
  return `${line.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
