/**
 * Returns how many times longer `work` takes for an input eight times as large: about 8 if linear, 64 if
 * quadratic. Measures this process's CPU time, because others share the machine, and the best of several
 * tries.
 */
export async function growth(work: (size: number) => unknown, size: number): Promise<number> {
  const ownMs = async (n: number) => {
    let best = Number.POSITIVE_INFINITY;
    // Work that takes this long is not tried again, because its test is about to fail.
    for (let turn = 0; turn < 5 && (turn === 0 || best < 500); turn++) {
      const before = process.cpuUsage();
      await work(n);
      const { user, system } = process.cpuUsage(before);
      best = Math.min(best, (user + system) / 1000);
    }
    return best;
  };
  await work(size);
  // Below a millisecond, the process's other threads dominate.
  return (await ownMs(size * 8)) / Math.max(await ownMs(size), 1);
}
