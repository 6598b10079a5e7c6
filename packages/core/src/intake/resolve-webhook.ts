import { AGENT, type AgentGate } from '../agents/agent-hash.js';
import type { Context } from '../context.js';
import { redisClock } from '../redis/clock.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { hashToken, isTokenShaped } from '../secrets/random-token.js';
import type { Addressee } from './inbound.js';

/** Gate and Redis's clock of an agent that is known by its id. */
const agentScript = defineScript<[string, number] | null>(`
local gate = redis.call('HGET', KEYS[1], '${AGENT.gate}')
if not gate then return nil end
local time = redis.call('TIME')
return { gate, time[1] * 1000 + math.floor(time[2] / 1000) }`);

/** What the trigger must know of an agent; undefined when there is none. */
export async function resolveAgent(ctx: Context, agentId: string): Promise<Addressee | undefined> {
  const found = await agentScript(ctx.redis, [keys.agent(agentId)]);
  if (!found) return undefined;
  const [gate, redisMs] = found;
  return { agentId, gate: JSON.parse(gate) as AgentGate, redisNow: redisClock(redisMs) };
}

/**
 * Which agent a webhook token belongs to, and what the trigger must know of it; undefined when the token opens nothing.
 *
 * @param options.rated whether to take one from the agent's rate, where it has one
 */
export async function resolveWebhook(
  ctx: Context,
  token: string,
  options: { rated: boolean } = { rated: false },
): Promise<Addressee | undefined> {
  if (!isTokenShaped('whk_', token)) return undefined;
  return await ctx.lookUp({ hash: hashToken(token), rated: options.rated, nowMs: ctx.now() });
}
