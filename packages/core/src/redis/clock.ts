/** What Redis's clock shows at least by now, in ms since the epoch. */
export type RedisClock = () => number;

/**
 * Lets Redis's clock go on from what an answer that has just arrived said, in ms. It never goes before Redis's own: the
 * answer was made before it arrived.
 */
export function redisClock(heardMs: number): RedisClock {
  const arrived = performance.now();
  return () => heardMs + performance.now() - arrived;
}
