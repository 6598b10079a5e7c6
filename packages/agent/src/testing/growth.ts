/**
 * How many times as long `work` takes for an input eight times as large: about 8 where its time grows with the size, 64
 * where with its square. Counts this process's own time, because others share the machine, and the best of several tries.
 */
export async function growth(work: (size: number) => unknown, size: number): Promise<number> {
  const ownMs = async (n: number) => {
    let best = Number.POSITIVE_INFINITY;
    // Work that takes this long once is not tried again: its test fails soon.
    for (let turn = 0; turn < 5 && (turn === 0 || best < 500); turn++) {
      const before = process.cpuUsage();
      await work(n);
      const { user, system } = process.cpuUsage(before);
      best = Math.min(best, (user + system) / 1000);
    }
    return best;
  };
  await work(size);
  // Below a millisecond, the process's other threads are much of what is measured.
  return (await ownMs(size * 8)) / Math.max(await ownMs(size), 1);
}
