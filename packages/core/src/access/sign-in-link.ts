import { SIGN_IN_LINK_SECONDS } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { createToken, hashToken, isTokenShaped } from '../secrets/random-token.js';
import { adminOwner } from './session-store.js';

/**
 * Makes a token that signs in once, as the environment's key does, within SIGN_IN_LINK_SECONDS. Redis stores
 * its hash and a value that binds it to that key, so that it is void once the key changes.
 */
export async function createSignInLink(
  ctx: Context,
  adminApiKey: string,
): Promise<{ token: string; expiresMs: number }> {
  const token = createToken('ahl_');
  await ctx.redis.set(
    keys.signInLink(hashToken(token)),
    adminOwner(token, adminApiKey),
    'EX',
    SIGN_IN_LINK_SECONDS,
  );
  return { token, expiresMs: ctx.now() + SIGN_IN_LINK_SECONDS * 1000 };
}

/** Uses a token up. Returns whether it was valid: of several at once, one is. */
export async function useSignInLink(ctx: Context, token: string, adminApiKey: string): Promise<boolean> {
  if (!isTokenShaped('ahl_', token)) return false;
  const key = keys.signInLink(hashToken(token));
  const owner = await ctx.redis.get(key);
  if (owner !== adminOwner(token, adminApiKey)) return false;
  return (await ctx.redis.del(key)) === 1;
}
