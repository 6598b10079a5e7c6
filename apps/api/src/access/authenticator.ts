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
   */
  byKey(key: string, address: string): Promise<Caller>;
}

/** Knows the key of the environment and those that are stored. */
export function createAuthenticator(ctx: Context, adminApiKey: string): Authenticator {
  const expected = sha256(adminApiKey);
  const failures = createFailureWindow(() => performance.now());
  return {
    byKey: async (key, address) => {
      const network = networkOf(address);
      const lockedSeconds = failures.lockedSeconds(network);
      // Both sides are hashed, so that neither length nor content shows in the time that the comparison takes.
      if (lockedSeconds === 0 && timingSafeEqual(sha256(key), expected)) return ADMIN_CALLER;
      // 256 random bits can not be guessed: a stored key is let through a lock that others have caused.
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
