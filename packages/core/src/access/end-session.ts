import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { hashToken } from '../secrets/random-token.js';

/** Ends a session; does nothing where there is none. */
export async function endSession(ctx: Context, token: string): Promise<void> {
  await ctx.redis.del(keys.session(hashToken(token)));
}
