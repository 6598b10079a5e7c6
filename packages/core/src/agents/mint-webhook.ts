import { iso } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { createToken, hashToken, hintOf } from '../secrets/random-token.js';
import { AGENT } from './agent-hash.js';

/**
 * Gives an agent a new token. The one before it lives on for ARGV[4] ms (0: it ends now); of those before, none does.
 * Returns -1 without an agent, 0 where there was no token to follow, else 1.
 */
const mintScript = defineScript<-1 | 0 | 1>(`
local agent = KEYS[1]
if redis.call('EXISTS', agent) == 0 then return -1 end
local hashes = redis.call('HMGET', agent, '${AGENT.tokenHash}', '${AGENT.previousHash}')
if hashes[2] then redis.call('DEL', ARGV[6] .. hashes[2]) end
redis.call('HDEL', agent, '${AGENT.previousHash}', '${AGENT.previousExpiresMs}', '${AGENT.lastUsedMs}')
local overlap, followed = tonumber(ARGV[4]), 0
if hashes[1] and overlap > 0 then
  redis.call('PEXPIRE', ARGV[6] .. hashes[1], overlap)
  redis.call('HSET', agent, '${AGENT.previousHash}', hashes[1], '${AGENT.previousExpiresMs}', ARGV[5])
  followed = 1
elseif hashes[1] then
  redis.call('DEL', ARGV[6] .. hashes[1])
end
redis.call('SET', KEYS[2], ARGV[7])
redis.call('HSET', agent, '${AGENT.tokenHash}', ARGV[1], '${AGENT.tokenHint}', ARGV[2], '${AGENT.tokenCreatedMs}', ARGV[3])
return followed`);

/**
 * Mints an agent's webhook token, or rotates it: the old one keeps working for `overlapSeconds`. Only the token's
 * SHA-256 is stored, so what this returns can not be had again. Throws `unknown_agent`.
 */
export async function mintWebhook(
  ctx: Context,
  agentId: string,
  overlapSeconds: number,
): Promise<{ token: string; previous_expires_at: string | null }> {
  const token = createToken('whk_');
  const hash = hashToken(token);
  const now = ctx.now();
  const expires = now + overlapSeconds * 1000;
  const result = await mintScript(
    ctx.redis,
    [keys.agent(agentId), keys.token(hash)],
    [hash, hintOf(token), now, overlapSeconds * 1000, expires, keys.tokenPrefix, agentId],
  );
  if (result === -1) throw unknownAgent(agentId);
  return { token, previous_expires_at: result === 1 ? iso(expires) : null };
}
