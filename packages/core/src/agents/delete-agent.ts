import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { deleteConversationsOf } from '../queue/delete-conversation.js';
import { shardOfAgent } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';
import { deleteAgentScript } from './delete-agent.script.js';

/**
 * Deletes an agent, its versions, its conversations and its webhook. Its waiting tasks end with
 * `agent_unavailable` when they come to a worker. Throws `unknown_agent`.
 */
export async function deleteAgent(ctx: Context, id: string): Promise<void> {
  const others = [
    keys.agentVersions,
    keys.agentVersionRows,
    keys.agentTexts,
    keys.agentNotes,
    keys.agentNoteOrder,
    keys.agentPins,
    keys.agentGrants,
    keys.agentPinnedTools,
    keys.agentSeenTools,
    keys.agentRejections,
    keys.agentRejectedBodies,
    keys.agentFiltered,
    keys.agentFilteredBodies,
    keys.agentSpend,
  ];
  const deleted = await deleteAgentScript(
    ctx.redis,
    {
      agent: keys.agent(id),
      agents: keys.agents,
      documents: keys.agentDocuments(id),
      schedules: keys.agentSchedules(id),
      due: keys.schedules,
      budgeted: keys.budgetedAgents,
      others: others.map((keyOf) => keyOf(id)),
    },
    {
      id,
      tokenPrefix: keys.tokenPrefix,
      textPrefix: keys.documentTextPrefix(id),
      indexPrefix: keys.documentIndexPrefix(id),
    },
  );
  if (deleted === 0) throw unknownAgent(id);
  // Its tasks that wait are then called back, and end.
  const shard = shardOfAgent(id, ctx.queues.length);
  await Promise.all([ctx.redis.del(keys.paused(shard, id)), ctx.redis.hdel(keys.pauses(shard), id)]);
  await deleteConversationsOf(ctx, id);
}
