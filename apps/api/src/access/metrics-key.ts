import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { bearerOf } from './bearer.js';

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Returns the check for what METRICS_KEY guards. Without METRICS_KEY, every request passes. */
export function createMetricsGuard(metricsKey: string | undefined): (request: FastifyRequest) => boolean {
  if (metricsKey === undefined) return () => true;
  // Both sides are hashed so that the comparison's duration reveals neither length nor content.
  const expected = sha256(metricsKey);
  return ({ headers }) => {
    const key = bearerOf(headers.authorization);
    return key !== undefined && timingSafeEqual(sha256(key), expected);
  };
}
