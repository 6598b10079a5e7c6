/** Whether one more action for a key is allowed at this time, in ms. */
export type Pace = (key: string, nowMs: number) => boolean;

/**
 * Limits how often something happens per key, in this process: `burst` at once, and `perSecond` in the long
 * run. Drops a key once its whole burst is available again.
 */
export function createPace({ perSecond, burst }: { perSecond: number; burst: number }): Pace {
  const shareMs = 1000 / perSecond;
  /** When a key's whole burst is available again. Ordered by when each key last passed. */
  const freeAt = new Map<string, number>();
  return (key, nowMs) => {
    for (const [other, ms] of freeAt) {
      if (ms > nowMs) break;
      freeAt.delete(other);
    }
    const aheadMs = (freeAt.get(key) ?? nowMs) - nowMs;
    // Further ahead than any burst: the clock was set back.
    const takenMs = aheadMs > burst * shareMs ? 0 : Math.max(0, aheadMs);
    if (takenMs + shareMs > burst * shareMs) return false;
    freeAt.delete(key);
    freeAt.set(key, nowMs + takenMs + shareMs);
    return true;
  };
}
