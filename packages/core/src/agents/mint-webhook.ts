import { iso } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError, unknownAgent } from '../errors.js';
import { keys } from '../redis/keys.js';
import { createToken, hashToken, hintOf, isOtherCredential } from '../secrets/random-token.js';
import { mintWebhookScript } from './mint-webhook.script.js';

/**
 * Creates an agent's webhook token, or rotates it: the old one stays valid for `overlapSeconds`. Only the
 * token's SHA-256 is stored, so the returned token cannot be shown again.
 *
 * Throws `unknown_agent`. For a `given` token that any agent has already: `token_in_use`. For one that looks
 * like an API key: `invalid_request`.
 */
export async function mintWebhook(
  ctx: Context,
  agentId: string,
  overlapSeconds: number,
  given?: string,
): Promise<{ token: string; previous_expires_at: string | null }> {
  if (given !== undefined && isOtherCredential(given))
    throw new AppError('invalid_request', 'This is an API key or a session, which must not be in a URL.', {
      issues: [{ path: '/token', message: 'must not begin with ahk_ or ahs_' }],
    });
  const token = given ?? createToken('whk_');
  const hash = hashToken(token);
  const now = ctx.now();
  const expires = now + overlapSeconds * 1000;
  const result = await mintWebhookScript(
    ctx.redis,
    { agent: keys.agent(agentId), token: keys.token(hash) },
    {
      id: agentId,
      hash,
      hint: hintOf(token),
      now,
      overlapMs: overlapSeconds * 1000,
      expiresMs: expires,
      prefix: keys.tokenPrefix,
    },
  );
  if (result === -1) throw unknownAgent(agentId);
  if (result === -2) throw new AppError('token_in_use');
  return { token, previous_expires_at: result === 1 ? iso(expires) : null };
}
