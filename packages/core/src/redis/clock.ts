import type { RedisClient } from './connect.js';

/** A lower bound of Redis's clock now, in ms since the epoch. */
export type RedisClock = () => number;

/**
 * Continues Redis's clock from a time in an answer that has just arrived, in ms. The result is never ahead of
 * Redis's clock, because the answer was made before it arrived.
 */
export function redisClock(heardMs: number): RedisClock {
  const arrived = performance.now();
  return () => heardMs + performance.now() - arrived;
}

/** Redis's clock, in ms since the epoch. */
export async function redisTime(redis: RedisClient): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}
