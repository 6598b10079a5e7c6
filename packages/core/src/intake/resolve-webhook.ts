import { parseGate } from '../agents/stored/parse-gate.js';
import type { Context } from '../context.js';
import { redisClock } from '../redis/clock.js';
import { keys } from '../redis/keys.js';
import { hashToken, isWebhookToken } from '../secrets/random-token.js';
import type { Addressee } from './inbound.js';
import { resolveAgentScript } from './resolve-agent.script.js';
import { usedUpOf } from './used-up.js';

/**
 * Reads what intake needs to know about an agent; undefined for an unknown agent.
 *
 * @param options.rated whether to count a request against the agent's rate
 */
export async function resolveAgent(
  ctx: Context,
  agentId: string,
  { rated }: { rated: boolean } = { rated: false },
): Promise<Addressee | undefined> {
  const found = await resolveAgentScript(
    ctx.redis,
    {
      agent: keys.agent(agentId),
      agentSpend: keys.agentSpend(agentId),
      budget: keys.budget,
      ownSpend: keys.spend,
    },
    { rated },
  );
  if (!found) return undefined;
  const [json, redisMs, full, waitMs, left = 0] = found;
  const gate = parseGate(json);
  const agent = { agentId, gate, redisNow: redisClock(redisMs), ...usedUpOf(full) };
  if (waitMs === undefined) return agent;
  return { ...agent, rate: { perMinute: gate.rate_per_minute ?? 0, waitMs, left } };
}

/**
 * Looks up the agent of a webhook token, with what intake needs to know; undefined for an invalid token.
 * Throws `damaged_agent`.
 *
 * @param options.rated whether to count the request against the agent's rate
 */
export function resolveWebhook(
  ctx: Context,
  token: string,
  options: { rated: boolean } = { rated: false },
): Promise<Addressee | undefined> {
  if (!isWebhookToken(token)) return Promise.resolve(undefined);
  return ctx.lookUp({ hash: hashToken(token), rated: options.rated, nowMs: ctx.now() });
}
