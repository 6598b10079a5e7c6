import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { keys } from '../redis/keys.js';
import { hashToken } from '../secrets/random-token.js';
import type { Caller } from './find-caller.js';
import { revokeSessionScript } from './revoke-session.script.js';
import { isSessionId } from './session-store.js';

/** Ends a session; does nothing if it does not exist. The index drops its entry later. */
export async function endSession(ctx: Context, token: string): Promise<void> {
  await ctx.redis.del(keys.session(hashToken(token)));
}

/**
 * Ends a session by its id, at once and in every process. An admin may end any session, others only those of
 * their own key. Throws `unknown_session`.
 */
export async function revokeSession(ctx: Context, caller: Caller, id: string): Promise<void> {
  const keyId = caller.role === 'admin' ? '*' : (caller.key_id ?? '');
  const args = { id, prefix: keys.sessionPrefix, keyId };
  if (!isSessionId(id) || (await revokeSessionScript(ctx.redis, { index: keys.sessionIndex }, args)) === 0)
    throw new AppError('unknown_session');
}
