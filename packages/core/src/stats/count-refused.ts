import { NO_SENDER } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { dayOf, hourOf, STATS_TTL_SECONDS } from '../queue/hour.js';
import { shardOfAgent } from '../queue/task-id.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { countRefusedScript } from './count-refused.script.js';
import { namedPlaces } from './named.js';

/** Requests to an agent's webhook that created no task. */
export interface Refused {
  field: 'rejected' | 'filtered';
  /** The scheme of the agent's signature. */
  sender?: string | undefined;
  /** The error code of rejected ones. */
  code?: string | undefined;
  /** How many. */
  count?: number;
}

/** Counts requests that created no task: for the agent, and by sender and error code. */
export async function countRefused(
  ctx: Context,
  agentId: string,
  { field, sender = NO_SENDER, code, count = 1 }: Refused,
): Promise<void> {
  const shard = shardOfAgent(agentId, ctx.queues.length);
  const ms = ctx.now();
  const hour = hourOf(ms);
  const others: string[] = [];
  const positionOf = (key: string): number => others.push(key);
  const named = [
    ...namedPlaces({ shard, ms, agentId }, 'sender', sender, positionOf),
    ...(code === undefined ? [] : namedPlaces({ shard, ms, agentId }, 'error_code', code, positionOf)),
  ];
  await countRefusedScript(
    ctx.redis,
    {
      totals: keys.totals(shard),
      scopes: keys.indexScopes(shard),
      ofAll: keys.stats(shard, ALL_AGENTS, hour),
      ofAgent: keys.stats(shard, agentId, hour),
      busy: keys.busyAgents(shard, dayOf(ms)),
      others,
    },
    { agent: agentId, field, count, ttl: STATS_TTL_SECONDS, named: JSON.stringify(named) },
  );
}
