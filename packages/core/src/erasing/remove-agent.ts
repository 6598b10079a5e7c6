import { deleteAgent } from '../agents/delete-agent.js';
import type { Context } from '../context.js';
import { shardOfAgent } from '../queue/task-id.js';
import { endAsking } from '../tasks/asking/end-asking.js';

/** How many tasks one request ends: with short journals, a second's work. */
const MOST_ENDED = 10_000;

/**
 * Deletes an agent, as deleteAgent does, and ends its tasks that wait for a decision. If there are more than
 * a request may end, or the process dies in between, a sweep ends the others. Throws `unknown_agent`.
 */
export async function removeAgent(ctx: Context, id: string): Promise<void> {
  await deleteAgent(ctx, id);
  await endAsking(ctx, shardOfAgent(id, ctx.queues.length), id, MOST_ENDED);
}
