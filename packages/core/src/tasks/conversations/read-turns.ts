import type { ConversationTurn } from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import type { Context } from '../../context.js';
import { conversationKeys } from '../../queue/conversation.js';
import { transact } from '../../redis/transact.js';
import { unlessSealed } from '../../sealing/seal.js';

/** The turns of a conversation and the ids of its tasks, both in order of arrival. */
export async function readTurns(
  ctx: Context,
  shard: number,
  conversation: string,
): Promise<{ taskIds: string[]; turns: ConversationTurn[] }> {
  const at = conversationKeys(shard, conversation);
  const [taskIds, stored] = (await transact(ctx.redis, (batch) =>
    batch.zrange(at.tasks, '0', '-1').hgetall(at.turns),
  )) as [string[], Record<string, string>];
  const turns = taskIds.flatMap((id) => stored[id] ?? []);
  const read = await Promise.all(turns.map((turn) => ctx.seal.read(turn).catch(unlessSealed)));
  return {
    taskIds,
    // A conversation goes on without the turns that cannot be opened.
    turns: read.flatMap((turn) => (turn === undefined ? [] : [parseJson(turn) as ConversationTurn])),
  };
}

/**
 * What the run of a task sees of its conversation: the turns of tasks that came before or ended meanwhile.
 */
export async function earlierTurns(
  ctx: Context,
  shard: number,
  taskId: string,
  conversation: string | undefined,
): Promise<ConversationTurn[]> {
  if (conversation === undefined) return [];
  const { turns } = await readTurns(ctx, shard, conversation);
  return turns.filter(({ task_id }) => task_id !== taskId);
}
