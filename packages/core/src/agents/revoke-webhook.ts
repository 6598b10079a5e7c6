import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { AGENT } from './agent-hash.js';

/** Ends an agent's tokens. Returns -1 without an agent, 0 where there was no token, else 1. */
const revokeScript = defineScript<-1 | 0 | 1>(`
local agent = KEYS[1]
if redis.call('EXISTS', agent) == 0 then return -1 end
local found = 0
for _, hash in ipairs(redis.call('HMGET', agent, '${AGENT.tokenHash}', '${AGENT.previousHash}')) do
  if hash then redis.call('DEL', ARGV[1] .. hash) found = 1 end
end
redis.call('HDEL', agent, '${AGENT.tokenHash}', '${AGENT.tokenHint}', '${AGENT.tokenCreatedMs}', '${AGENT.lastUsedMs}', '${AGENT.previousHash}',
  '${AGENT.previousExpiresMs}')
return found`);

/** Ends an agent's token of before the last rotation. Returns -1 without an agent, 0 where there was none, else 1. */
const endPreviousScript = defineScript<-1 | 0 | 1>(`
local agent = KEYS[1]
if redis.call('EXISTS', agent) == 0 then return -1 end
local hash = redis.call('HGET', agent, '${AGENT.previousHash}')
if not hash then return 0 end
redis.call('DEL', ARGV[1] .. hash)
redis.call('HDEL', agent, '${AGENT.previousHash}', '${AGENT.previousExpiresMs}')
return 1`);

/** Ends an agent's webhook URL at once, an overlapping old one too. Throws `unknown_agent`. */
export async function revokeWebhook(ctx: Context, agentId: string): Promise<void> {
  const result = await revokeScript(ctx.redis, [keys.agent(agentId)], [keys.tokenPrefix]);
  if (result === -1) throw unknownAgent(agentId);
}

/** Ends the overlap of an agent's last rotation at once: only its newest URL works on. Throws `unknown_agent`. */
export async function endPreviousWebhook(ctx: Context, agentId: string): Promise<void> {
  const result = await endPreviousScript(ctx.redis, [keys.agent(agentId)], [keys.tokenPrefix]);
  if (result === -1) throw unknownAgent(agentId);
}
