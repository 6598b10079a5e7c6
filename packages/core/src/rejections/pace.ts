/** Whether one more of a key may pass in this second. */
export type Pace = (key: string, nowMs: number) => boolean;

/** A bound on how much is done for each key in a second of the clock, in this process. Forgets with the second. */
export function createPace(perSecond: number): Pace {
  const counts = new Map<string, number>();
  let second = 0;
  return (key, nowMs) => {
    const current = Math.floor(nowMs / 1000);
    if (current !== second) {
      second = current;
      counts.clear();
    }
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count <= perSecond;
  };
}
