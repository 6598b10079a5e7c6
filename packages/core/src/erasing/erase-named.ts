import type { EraseProgress, TaskSummary } from '@agenthook/contracts';
import { withKey } from '../archive/list-archived.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { conversationKeys, shardOfConversation } from '../queue/conversation.js';
import { deleteConversation } from '../queue/delete-conversation.js';
import { shardOf } from '../queue/task-id.js';
import { keys, textHash } from '../redis/keys.js';
import { cancelOnce } from '../tasks/cancel.js';
import { listTasks } from '../tasks/list/list-tasks.js';
import { readSummaries } from '../tasks/list/read-summaries.js';
import { eraseEnded } from './erase.js';

/** How many tasks one call erases and cancels at most. The caller repeats it until none remains. */
const MOST_ERASED = 200;
const MOST_CANCELLED = 50;
const AT_ONCE = 50;
/** How many tasks are read at once, and how many pages of an agent's tasks one call looks through. */
const PAGE = 100;
const MOST_PAGES = 50;

/** Tasks by the name that their sender gave them, or by their conversation. */
export interface EraseNamed {
  agentId?: string | undefined;
  /** A complete idempotency key, or a sender's delivery id. */
  idempotencyKey?: string | undefined;
  conversationId?: string | undefined;
  /** Only those created before this time, in ms since the epoch. */
  beforeMs: number;
  /** Whether to cancel tasks that have not ended, so that they can be erased too. */
  cancel: boolean;
}

/**
 * Erases some of the ended tasks that have a name, as eraseTask does, and the conversation once none of its
 * tasks is left. Returns how many tasks are left.
 */
export async function eraseNamed(ctx: Context, wanted: EraseNamed): Promise<EraseProgress> {
  const { tasks, isWhole } = await findNamed(ctx, wanted);
  const open = tasks.filter(({ finished_at }) => finished_at === null);
  if (wanted.cancel)
    for (const { task_id } of open.slice(0, MOST_CANCELLED))
      await cancelOnce(ctx, shardOf(task_id, ctx.queues.length) ?? 0, task_id);
  const candidates = wanted.cancel ? tasks : tasks.filter(({ finished_at }) => finished_at !== null);
  let [erased, unfinished, seen] = [0, wanted.cancel ? 0 : open.length, 0];
  for (; seen < Math.min(candidates.length, MOST_ERASED); seen += AT_ONCE) {
    const some = candidates.slice(seen, seen + AT_ONCE);
    for (const shard of ctx.queues.keys()) {
      const ids = some.map(({ task_id }) => task_id).filter((id) => shardOf(id, ctx.queues.length) === shard);
      const outcomes = await eraseEnded(ctx, shard, ids);
      erased += outcomes.filter((outcome) => outcome === 'erased').length;
      unfinished += outcomes.filter((outcome) => outcome === 'open').length;
    }
  }
  const remaining = Math.max(0, candidates.length - seen);
  const { conversationId, agentId } = wanted;
  const isGone = isWhole && remaining === 0 && unfinished === 0;
  if (conversationId !== undefined && isGone && (await belongs(ctx, conversationId, agentId)))
    await deleteConversation(ctx, conversationId).catch((error) => {
      // Erasing the last of its tasks may have removed it.
      if (!(error instanceof AppError) || error.code !== 'unknown_conversation') throw error;
    });
  return { erased, remaining, unfinished };
}

/** Whether a conversation is not that of another agent. */
async function belongs(ctx: Context, id: string, agentId: string | undefined): Promise<boolean> {
  const shard = shardOfConversation(id, ctx.queues.length);
  const agent = await ctx.redis.hget(keys.conversation(shard, id), 'agent');
  return agentId === undefined || agent === null || agent === agentId;
}

/** The tasks, and whether these are all: an agent may have more than one call looks through. */
async function findNamed(
  ctx: Context,
  { agentId, idempotencyKey, conversationId, beforeMs }: EraseNamed,
): Promise<{ tasks: TaskSummary[]; isWhole: boolean }> {
  const fits = (task: TaskSummary) =>
    (agentId === undefined || task.agent_id === agentId) &&
    (conversationId === undefined || task.conversation_id === conversationId) &&
    Date.parse(task.created_at) < beforeMs;
  if (idempotencyKey !== undefined) {
    const found = await byKey(ctx, idempotencyKey);
    return { tasks: found.filter(fits), isWhole: true };
  }
  if (conversationId === undefined) throw new Error('nothing names the tasks');
  const found = new Map<string, TaskSummary>();
  const shard = shardOfConversation(conversationId, ctx.queues.length);
  const { tasks: listed } = conversationKeys(shard, conversationId);
  const newest = await readTasks(ctx, shard, await ctx.redis.zrange(listed, '0', '-1'));
  for (const task of newest) found.set(task.task_id, task);
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES && found.size < MOST_ERASED; page++) {
    const filter = { agentId: agentId ?? newest[0]?.agent_id, conversationId };
    const { tasks, next_cursor } = await listTasks(ctx, filter, { limit: PAGE, cursor, isWhole: true });
    for (const task of tasks) found.set(task.task_id, task);
    if (next_cursor === null) return { tasks: [...found.values()].filter(fits), isWhole: true };
    cursor = next_cursor;
  }
  return { tasks: [...found.values()].filter(fits), isWhole: false };
}

/** All tasks that a key has named, also those of a burst that has an event with it. */
async function byKey(ctx: Context, key: string): Promise<TaskSummary[]> {
  const found: TaskSummary[] = [];
  const archived = await withKey(ctx.archive, textHash(key), MOST_ERASED);
  for (const shard of ctx.queues.keys()) {
    const ids = await ctx.redis.smembers(keys.indexedKey(shard, textHash(key)));
    found.push(...(await readTasks(ctx, shard, ids)));
    const others = archived.filter((id) => shardOf(id, ctx.queues.length) === shard && !ids.includes(id));
    found.push(...(await readTasks(ctx, shard, others)));
  }
  return found;
}

async function readTasks(ctx: Context, shard: number, ids: readonly string[]): Promise<TaskSummary[]> {
  const found: TaskSummary[] = [];
  for (let from = 0; from < ids.length; from += PAGE) {
    const tasks = await readSummaries(ctx, shard, ids.slice(from, from + PAGE));
    found.push(...tasks.filter((task) => task !== undefined));
  }
  return found;
}
