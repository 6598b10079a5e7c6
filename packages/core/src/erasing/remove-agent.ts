import { deleteAgent } from '../agents/delete-agent.js';
import type { Context } from '../context.js';
import { shardOfAgent } from '../queue/task-id.js';
import { endAsking } from '../tasks/asking/end-asking.js';

/**
 * Deletes an agent, as deleteAgent does, and ends its tasks that wait for a decision. If the process dies in
 * between, a sweep ends them. Throws `unknown_agent`.
 */
export async function removeAgent(ctx: Context, id: string): Promise<void> {
  await deleteAgent(ctx, id);
  await endAsking(ctx, shardOfAgent(id, ctx.queues.length), id);
}
