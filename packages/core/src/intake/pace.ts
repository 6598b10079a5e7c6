/** Whether one more of a key may pass at this time, in ms. */
export type Pace = (key: string, nowMs: number) => boolean;

/**
 * A bound on how much is done for each key, in this process: `burst` at once, and `perSecond` in the long run. Forgets a
 * key whose whole burst is free again.
 */
export function createPace({ perSecond, burst }: { perSecond: number; burst: number }): Pace {
  const shareMs = 1000 / perSecond;
  /** When the whole burst of a key is free again; the key that passed last stands last. */
  const freeAt = new Map<string, number>();
  return (key, nowMs) => {
    for (const [other, ms] of freeAt) {
      if (ms > nowMs) break;
      freeAt.delete(other);
    }
    const aheadMs = (freeAt.get(key) ?? nowMs) - nowMs;
    // Farther ahead than any burst: the clock was set back.
    const takenMs = aheadMs > burst * shareMs ? 0 : Math.max(0, aheadMs);
    if (takenMs + shareMs > burst * shareMs) return false;
    freeAt.delete(key);
    freeAt.set(key, nowMs + takenMs + shareMs);
    return true;
  };
}
