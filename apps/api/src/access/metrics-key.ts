import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { bearerOf } from './bearer.js';

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Makes the check whether a request may see what METRICS_KEY guards: all may where there is no such key. */
export function createMetricsGuard(metricsKey: string | undefined): (request: FastifyRequest) => boolean {
  if (metricsKey === undefined) return () => true;
  // Both sides are hashed, so that neither length nor content shows in the time that the comparison takes.
  const expected = sha256(metricsKey);
  return ({ headers }) => {
    const key = bearerOf(headers.authorization);
    return key !== undefined && timingSafeEqual(sha256(key), expected);
  };
}
