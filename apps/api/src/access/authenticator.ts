import { createHash, timingSafeEqual } from 'node:crypto';
import { ADMIN_CALLER, AppError, type Caller, type Context, findCaller } from '@agenthook/core';
import { createFailureWindow } from './failure-window.js';
import { networkOf } from './network-of.js';

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

export interface Authenticator {
  /**
   * Returns the owner of the key. Throws `unauthorized` for an unknown key, and `too_many_failures` once the
   * caller's network has sent too many unknown keys.
   *
   * @param address the client's
   * @param door the kind of route; wrong keys at open routes lock only open routes for their network
   */
  byKey(key: string, address: string, door?: 'managed' | 'open'): Promise<Caller>;
}

/** Knows the key from the environment and the stored keys. */
export function createAuthenticator(ctx: Context, adminApiKey: string): Authenticator {
  const expected = sha256(adminApiKey);
  const now = () => performance.now();
  const windows = { managed: createFailureWindow(now), open: createFailureWindow(now) };
  return {
    byKey: async (key, address, door = 'managed') => {
      const failures = windows[door];
      const network = networkOf(address);
      const lockedSeconds = failures.lockedSeconds(network);
      // Both sides are hashed so that the comparison's duration reveals neither length nor content.
      if (lockedSeconds === 0 && timingSafeEqual(sha256(key), expected)) return ADMIN_CALLER;
      // A stored key passes a lock that others caused: 256 random bits cannot be guessed.
      const caller = await findCaller(ctx, key);
      if (caller) return caller;
      if (lockedSeconds > 0) {
        throw new AppError(
          'too_many_failures',
          `Your network sent too many wrong API keys. Try again in ${lockedSeconds} s.`,
          { retryAfterSeconds: lockedSeconds },
        );
      }
      failures.add(network);
      throw new AppError('unauthorized', 'The API key is unknown: it may be misspelt, revoked or expired.');
    },
  };
}
