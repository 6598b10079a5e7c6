import { createHash, timingSafeEqual } from 'node:crypto';
import { ADMIN_CALLER, AppError, type Caller, type Context, findCaller } from '@agenthook/core';
import { createFailureWindow } from './failure-window.js';
import { networkOf } from './network-of.js';

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

export interface Authenticator {
  /**
   * Whose key this is. Throws `unauthorized` for a wrong one and `too_many_failures` for one from a network that has
   * given too many of those, whatever it is.
   *
   * @param address the client's
   * @param door where it came in: wrong keys at the open routes lock those for their network, and no others
   */
  byKey(key: string, address: string, door?: 'managed' | 'open'): Promise<Caller>;
}

/** Knows the key of the environment and those that are stored. */
export function createAuthenticator(ctx: Context, adminApiKey: string): Authenticator {
  const expected = sha256(adminApiKey);
  const now = () => performance.now();
  const windows = { managed: createFailureWindow(now), open: createFailureWindow(now) };
  return {
    byKey: async (key, address, door = 'managed') => {
      const failures = windows[door];
      const network = networkOf(address);
      const lockedSeconds = failures.lockedSeconds(network);
      // Both sides are hashed, so that neither length nor content shows in the time that the comparison takes.
      if (lockedSeconds === 0 && timingSafeEqual(sha256(key), expected)) return ADMIN_CALLER;
      // Nobody guesses 256 random bits: a stored key is let through a lock that others have caused.
      const caller = await findCaller(ctx, key);
      if (caller) return caller;
      if (lockedSeconds > 0) {
        throw new AppError(
          'too_many_failures',
          `Too many wrong API keys came from your address. Try again in ${lockedSeconds} s.`,
          { retryAfterSeconds: lockedSeconds },
        );
      }
      failures.add(network);
      throw new AppError('unauthorized', 'The API key is not known: it may be misspelt, revoked or expired.');
    },
  };
}
