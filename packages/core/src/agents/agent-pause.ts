import { type AgentPause, iso, type Pause } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { PAUSE } from '../queue/breaker.js';
import { shardOfAgent } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';

/** Since when and why agents are paused, in their order; null for one that is not. */
export async function readPauses(ctx: Context, agentIds: readonly string[]): Promise<(AgentPause | null)[]> {
  const batch = ctx.redis.pipeline();
  for (const id of agentIds) {
    const shard = shardOfAgent(id, ctx.queues.length);
    batch.hgetall(keys.paused(shard, id)).hget(keys.pauses(shard), id);
  }
  const rows = ((await batch.exec()) ?? []).map(([error, row]) => {
    if (error) throw error;
    return row;
  });
  return agentIds.map((_, n) => {
    const [row, byPerson] = [rows[2 * n], rows[2 * n + 1] as string | null];
    if (byPerson !== null) {
      const { since, by, note } = JSON.parse(byPerson) as Pause;
      return { at: since, reason: 'by_person', by, note };
    }
    const { [PAUSE.at]: at, [PAUSE.max]: max, [PAUSE.task]: task_id = '' } = row as Record<string, string>;
    if (at === undefined) return null;
    return { at: iso(Number(at)), reason: 'too_many_runs', max_per_minute: Number(max), task_id };
  });
}
