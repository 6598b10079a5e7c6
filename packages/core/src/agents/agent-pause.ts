import { type AgentPause, iso } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { PAUSE } from '../queue/breaker.js';
import { shardOfAgent } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';

/** Since when and why agents are paused, in their order; null for one that is not. */
export async function readPauses(ctx: Context, agentIds: readonly string[]): Promise<(AgentPause | null)[]> {
  const batch = ctx.redis.pipeline();
  for (const id of agentIds) batch.hgetall(keys.paused(shardOfAgent(id, ctx.queues.length), id));
  const rows = (await batch.exec()) ?? [];
  return rows.map(([error, row]) => {
    if (error) throw error;
    const { [PAUSE.at]: at, [PAUSE.max]: max, [PAUSE.task]: task_id = '' } = row as Record<string, string>;
    if (at === undefined) return null;
    return { at: iso(Number(at)), reason: 'too_many_runs', max_per_minute: Number(max), task_id };
  });
}
