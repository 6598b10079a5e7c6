import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError } from '@agenthook/core';
import type { onRequestHookHandler } from 'fastify';

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * A hook that lets a request pass only with `Authorization: Bearer <key>`. Both sides are hashed before they are
 * compared, so that neither length nor content shows in the time it takes.
 */
export function requireApiKey(key: string): onRequestHookHandler {
  const expected = sha256(key);
  return async (request) => {
    const [scheme = '', given = ''] = (request.headers.authorization ?? '').split(' ');
    if (scheme.toLowerCase() !== 'bearer' || !timingSafeEqual(sha256(given), expected)) {
      throw new AppError('unauthorized', 'This route needs an API key: send "Authorization: Bearer <key>".');
    }
  };
}
