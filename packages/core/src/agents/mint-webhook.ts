import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { createToken, hashToken, hintOf } from '../secrets/random-token.js';

/**
 * Gives an agent a new token. The one before it lives on for ARGV[4] ms (0: it ends now); of those before, none does.
 * Returns -1 without an agent, 0 where there was no token to follow, else 1.
 */
const mintScript = defineScript<-1 | 0 | 1>(`
local agent = KEYS[1]
if redis.call('EXISTS', agent) == 0 then return -1 end
local hashes = redis.call('HMGET', agent, 'token_hash', 'previous_hash')
if hashes[2] then redis.call('DEL', ARGV[6] .. hashes[2]) end
redis.call('HDEL', agent, 'previous_hash', 'previous_expires_ms', 'last_used_ms')
local overlap, followed = tonumber(ARGV[4]), 0
if hashes[1] and overlap > 0 then
  redis.call('PEXPIRE', ARGV[6] .. hashes[1], overlap)
  redis.call('HSET', agent, 'previous_hash', hashes[1], 'previous_expires_ms', ARGV[5])
  followed = 1
elseif hashes[1] then
  redis.call('DEL', ARGV[6] .. hashes[1])
end
redis.call('SET', KEYS[2], ARGV[7])
redis.call('HSET', agent, 'token_hash', ARGV[1], 'token_hint', ARGV[2], 'token_created_ms', ARGV[3])
return followed`);

/** Ends an agent's tokens. Returns -1 without an agent, 0 where there was no token, else 1. */
const revokeScript = defineScript<-1 | 0 | 1>(`
local agent = KEYS[1]
if redis.call('EXISTS', agent) == 0 then return -1 end
local found = 0
for _, hash in ipairs(redis.call('HMGET', agent, 'token_hash', 'previous_hash')) do
  if hash then redis.call('DEL', ARGV[1] .. hash) found = 1 end
end
redis.call('HDEL', agent, 'token_hash', 'token_hint', 'token_created_ms', 'last_used_ms', 'previous_hash',
  'previous_expires_ms')
return found`);

/** Ends an agent's token of before the last rotation. Returns -1 without an agent, 0 where there was none, else 1. */
const endPreviousScript = defineScript<-1 | 0 | 1>(`
local agent = KEYS[1]
if redis.call('EXISTS', agent) == 0 then return -1 end
local hash = redis.call('HGET', agent, 'previous_hash')
if not hash then return 0 end
redis.call('DEL', ARGV[1] .. hash)
redis.call('HDEL', agent, 'previous_hash', 'previous_expires_ms')
return 1`);

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
  return { token, previous_expires_at: result === 1 ? new Date(expires).toISOString() : null };
}

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
