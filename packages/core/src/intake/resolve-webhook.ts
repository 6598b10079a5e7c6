import type { AgentGate } from '../agents/agent-hash.js';
import type { Context } from '../context.js';
import { redisClock } from '../redis/clock.js';
import { keys } from '../redis/keys.js';
import { hashToken, isTokenShaped } from '../secrets/random-token.js';
import type { Addressee } from './inbound.js';
import { resolveAgentScript } from './resolve-agent.script.js';

/** What the trigger must know of an agent; undefined when there is none. */
export async function resolveAgent(ctx: Context, agentId: string): Promise<Addressee | undefined> {
  const found = await resolveAgentScript(ctx.redis, { agent: keys.agent(agentId) });
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
