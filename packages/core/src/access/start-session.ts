import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { createToken, hashToken } from '../secrets/random-token.js';
import { adminOwner, SESSION_MS } from './session-store.js';

/**
 * Starts a session of an API key that has been checked, and returns its token. Only the token's hash is stored, and what
 * binds it to the key.
 *
 * @param isAdminKey whether it is the key of the environment
 */
export async function startSession(ctx: Context, apiKey: string, isAdminKey: boolean): Promise<string> {
  const token = createToken('ahs_');
  const owner = isAdminKey ? adminOwner(token, apiKey) : hashToken(apiKey);
  await ctx.redis.set(keys.session(hashToken(token)), owner, 'PX', SESSION_MS);
  return token;
}
