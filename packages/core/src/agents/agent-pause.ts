import { type AgentPause, iso, type Pause } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { PAUSE } from '../queue/breaker.js';
import { shardOfAgent } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';
import { type RowKind, readRow, timeOf } from '../redis/stored-row.js';

export const PAUSE_ROW: RowKind<Pause> = {
  name: 'pause',
  fields: { scope: 'string', since: 'string', by: 'string?', note: 'string?' },
};

const DAMAGED = 'What is stored of this pause cannot be read. It holds until it is resumed.';

/**
 * A stored pause by a person. One that cannot be read holds all the same, so it is shown with `target`, which
 * its name says.
 */
export const readPause = (
  ctx: Context,
  name: string,
  json: string,
  target: Pick<Pause, 'scope' | 'agent_id'>,
): Pause => readRow(ctx, PAUSE_ROW, json, name) ?? { ...target, since: iso(0), by: null, note: DAMAGED };

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
  return agentIds.map((id, n) => {
    const [row, byPerson] = [rows[2 * n], rows[2 * n + 1] as string | null];
    if (byPerson !== null) {
      const { since, by, note } = readPause(ctx, id, byPerson, { scope: 'agent', agent_id: id });
      return { at: since, reason: 'by_person', by, note };
    }
    const { [PAUSE.at]: at, [PAUSE.max]: max, [PAUSE.task]: task_id = '' } = row as Record<string, string>;
    if (at === undefined) return null;
    return { at: iso(timeOf(at) ?? 0), reason: 'too_many_runs', max_per_minute: Number(max) || 0, task_id };
  });
}
