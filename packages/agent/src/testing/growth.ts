/**
 * How many times as long `work` takes for an input eight times as large: about 8 where its time grows with the size, 64
 * where with its square. The best of several tries, because other processes share the machine.
 */
export async function growth(work: (size: number) => unknown, size: number): Promise<number> {
  const time = async (n: number) => {
    let best = Number.POSITIVE_INFINITY;
    // Work that takes this long once is not tried again: its test fails soon.
    for (let turn = 0; turn < 5 && (turn === 0 || best < 500); turn++) {
      const started = performance.now();
      await work(n);
      best = Math.min(best, performance.now() - started);
    }
    return best;
  };
  // Below a tenth of a millisecond the clock and the call are most of what is measured.
  return (await time(size * 8)) / Math.max(await time(size), 0.1);
}
