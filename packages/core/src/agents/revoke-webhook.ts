import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { keys } from '../redis/keys.js';
import { endPreviousWebhookScript } from './end-previous-webhook.script.js';
import { revokeWebhookScript } from './revoke-webhook.script.js';

/** Ends an agent's webhook URL at once, an overlapping old one too. Throws `unknown_agent`. */
export async function revokeWebhook(ctx: Context, agentId: string): Promise<void> {
  const redisKeys = { agent: keys.agent(agentId) };
  const result = await revokeWebhookScript(ctx.redis, redisKeys, { prefix: keys.tokenPrefix });
  if (result === -1) throw unknownAgent(agentId);
}

/** Ends the overlap of an agent's last rotation at once: only its newest URL works on. Throws `unknown_agent`. */
export async function endPreviousWebhook(ctx: Context, agentId: string): Promise<void> {
  const redisKeys = { agent: keys.agent(agentId) };
  const result = await endPreviousWebhookScript(ctx.redis, redisKeys, { prefix: keys.tokenPrefix });
  if (result === -1) throw unknownAgent(agentId);
}
