/**
 * How many times as long `work` takes for an input eight times as large: about 8 where its time grows with the size, 64
 * where with its square. The best of several tries, because other processes share the machine.
 */
export function growth(work: (size: number) => unknown, size: number): number {
  const time = (n: number) => {
    let best = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < 5; turn++) {
      const started = performance.now();
      work(n);
      best = Math.min(best, performance.now() - started);
    }
    return best;
  };
  // Below a tenth of a millisecond the clock and the call are most of what is measured.
  return time(size * 8) / Math.max(time(size), 0.1);
}
