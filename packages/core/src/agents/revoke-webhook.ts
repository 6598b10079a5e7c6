import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { keys } from '../redis/keys.js';
import { endPreviousWebhookScript } from './end-previous-webhook.script.js';
import { revokeWebhookScript } from './revoke-webhook.script.js';

/**
 * Revokes an agent's webhook URL at once, including a previous one that is still valid. Throws
 * `unknown_agent`.
 */
export async function revokeWebhook(ctx: Context, agentId: string): Promise<void> {
  const redisKeys = { agent: keys.agent(agentId) };
  const result = await revokeWebhookScript(ctx.redis, redisKeys, { prefix: keys.tokenPrefix });
  if (result === -1) throw unknownAgent(agentId);
}

/**
 * Revokes the URL from before the last rotation at once; only the newest URL stays valid. Throws
 * `unknown_agent`.
 */
export async function endPreviousWebhook(ctx: Context, agentId: string): Promise<void> {
  const redisKeys = { agent: keys.agent(agentId) };
  const result = await endPreviousWebhookScript(ctx.redis, redisKeys, { prefix: keys.tokenPrefix });
  if (result === -1) throw unknownAgent(agentId);
}
