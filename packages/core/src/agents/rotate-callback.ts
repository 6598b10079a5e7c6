import { iso, type RotatedCallback } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { noCallback, unknownAgent } from '../errors.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { AGENT } from './agent-hash.js';
import { createCallbackSecret, sealCallbackSecret } from './callback-secrets.js';

/**
 * Puts a new secret first; the one before it signs on until ARGV[2] ('': it ends now), of those before, none does.
 * Returns -1 without an agent, 0 without a callback, else 1.
 */
const rotateScript = defineScript<-1 | 0 | 1>(`
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
local stored = redis.call('HGET', KEYS[1], '${AGENT.callbackSecrets}')
if not stored then return 0 end
local secrets = { { sealed = ARGV[1] } }
if ARGV[2] ~= '' then secrets[2] = { sealed = cjson.decode(stored)[1].sealed, expires_ms = ARGV[2] } end
redis.call('HSET', KEYS[1], '${AGENT.callbackSecrets}', cjson.encode(secrets))
return 1`);

/**
 * Gives an agent's callback a new secret, which is shown this once. For `overlapSeconds` deliveries carry a signature by
 * the old one too. Throws `unknown_agent`, `no_callback`.
 */
export async function rotateCallback(
  ctx: Context,
  agentId: string,
  overlapSeconds: number,
): Promise<RotatedCallback> {
  const secret = createCallbackSecret();
  const sealed = sealCallbackSecret(ctx.secrets, agentId, secret);
  const expires = ctx.now() + overlapSeconds * 1000;
  const result = await rotateScript(
    ctx.redis,
    [keys.agent(agentId)],
    [sealed, overlapSeconds > 0 ? expires : ''],
  );
  if (result === -1) throw unknownAgent(agentId);
  if (result === 0) throw noCallback();
  return { secret, previous_expires_at: overlapSeconds > 0 ? iso(expires) : null };
}
