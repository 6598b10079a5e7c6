import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { keys, shardPrefix } from '../redis/keys.js';
import { shardOfConversation } from './conversation.js';
import { deleteConversationScript } from './delete-conversation.script.js';
import { shardOfAgent } from './task-id.js';

/** How many conversations of a deleted agent are deleted at once. */
const AT_ONCE = 100;

const erase = (ctx: Context, shard: number, id: string, agentId: string) =>
  deleteConversationScript(
    ctx.redis,
    { about: keys.conversation(shard, id) },
    { id, root: `${shardPrefix(shard)}:`, agent: agentId },
  );

/**
 * Deletes a conversation for good: its key, its turns and its list of tasks. Its tasks stay. Open ones run in
 * their order, without the deleted turns, and add no turn. Throws `unknown_conversation`.
 */
export async function deleteConversation(ctx: Context, id: string): Promise<void> {
  const deleted = await erase(ctx, shardOfConversation(id, ctx.queues.length), id, '');
  if (deleted === 0) throw new AppError('unknown_conversation');
}

/** Deletes all conversations of an agent. */
export async function deleteConversationsOf(ctx: Context, agentId: string): Promise<void> {
  const shard = shardOfAgent(agentId, ctx.queues.length);
  const list = keys.conversations(shard, agentId);
  for (;;) {
    const ids = await ctx.redis.zrange(list, '0', String(AT_ONCE - 1));
    if (ids.length === 0) return;
    await Promise.all(ids.map((id) => erase(ctx, shard, id, agentId)));
  }
}
