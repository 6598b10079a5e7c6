import type { ConversationDetail } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { shardOfConversation } from '../../queue/conversation.js';
import { readSummaries } from '../list/read-summaries.js';
import { readConversations } from './list-conversations.js';
import { readTurns } from './read-turns.js';

/** A conversation with its turns and tasks. Throws `unknown_conversation`. */
export async function getConversation(ctx: Context, id: string): Promise<ConversationDetail> {
  const shard = shardOfConversation(id, ctx.queues.length);
  const [[found], { taskIds, turns }] = await Promise.all([
    readConversations(ctx, [id]),
    readTurns(ctx, shard, id),
  ]);
  if (!found) throw new AppError('unknown_conversation');
  const tasks = await readSummaries(ctx, shard, taskIds);
  return { ...found, turns, tasks: tasks.filter((task) => task !== undefined) };
}
