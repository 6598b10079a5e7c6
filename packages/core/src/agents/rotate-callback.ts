import { iso, type RotatedCallback } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { noCallback, unknownAgent } from '../errors.js';
import { keys } from '../redis/keys.js';
import { createCallbackSecret } from '../secrets/signing-secret.js';
import { sealCallbackSecret } from './callback-secrets.js';
import { rotateCallbackScript } from './rotate-callback.script.js';

/**
 * Gives an agent's callback a new secret, which only this result shows. For `overlapSeconds`, deliveries also
 * carry a signature by the old secret. Throws `unknown_agent`, `no_callback`.
 */
export async function rotateCallback(
  ctx: Context,
  agentId: string,
  overlapSeconds: number,
): Promise<RotatedCallback> {
  const secret = createCallbackSecret();
  const sealed = sealCallbackSecret(ctx.secrets, agentId, secret);
  const expires = ctx.now() + overlapSeconds * 1000;
  const result = await rotateCallbackScript(
    ctx.redis,
    { agent: keys.agent(agentId) },
    { sealed, expiresMs: overlapSeconds > 0 ? expires : '' },
  );
  if (result === -1) throw unknownAgent(agentId);
  if (result === 0) throw noCallback();
  return { secret, previous_expires_at: overlapSeconds > 0 ? iso(expires) : null };
}
