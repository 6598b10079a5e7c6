import { parseJson } from '@agenthook/json';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { AGENT } from './agent-hash.js';

/** An agent's name, for people; its id if it has none that can be read. */
export async function readAgentName(ctx: Context, agentId: string): Promise<string> {
  const json = await ctx.redis.hget(keys.agent(agentId), AGENT.summary);
  try {
    const { name } = parseJson(json ?? '{}') as { name?: unknown };
    return typeof name === 'string' && name !== '' ? name : agentId;
  } catch {
    return agentId;
  }
}
