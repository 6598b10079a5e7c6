import type { Context } from '../context.js';
import { shardOfAgent } from '../queue/task-id.js';
import { ALL_AGENTS } from '../redis/keys.js';

/** What is counted in a shard: an agent, ALL_AGENTS, or a name (namedScope). */
export interface Scope {
  shard: number;
  scope: string;
}

/** Where the counters of the named agents are, or those of all agents together. */
export const scopesOf = (ctx: Context, agentIds?: readonly string[]): Scope[] =>
  agentIds
    ? [...new Set(agentIds)].map((scope) => ({ shard: shardOfAgent(scope, ctx.queues.length), scope }))
    : [...ctx.queues.keys()].map((shard) => ({ shard, scope: ALL_AGENTS }));

/** The shards with counters by name: all, or that of an agent. */
export const shardsOf = (ctx: Context, agentId: string | undefined): number[] =>
  scopesOf(ctx, agentId === undefined ? undefined : [agentId]).map(({ shard }) => shard);
