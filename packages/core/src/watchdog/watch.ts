/** The input of the watchdog's thread. */
export interface WatchData {
  shared: SharedArrayBuffer;
  layout: Record<'BEATS' | 'ENTERED' | 'KEPT' | 'STEPS_AT' | 'WIDTH', number>;
  lookMs: number;
  boundMs: number;
  tells: boolean;
  /** The descriptor for its line, which never blocks. */
  fd: number;
  /** The first fields of this process's log lines. */
  line: { pid: number; hostname: string; name: string };
}

/**
 * The watchdog's thread. It checks every `lookMs` whether the loop has beaten, and ends the process after
 * `boundMs` without a beat. It counts its own checks instead of reading the clock, so it stops while the
 * whole process is stopped. Time that the main thread waits for a processor does not count either, if the
 * system reports it (Linux): an overloaded machine is not a hanging loop.
 *
 * The thread receives this function as text, so it must not refer to anything outside.
 */
export function watch({ shared, layout, lookMs, boundMs, tells, fd, line }: WatchData): void {
  const { readFileSync, writeSync } = process.getBuiltinModule('node:fs');
  const words = new Int32Array(shared, 0, layout.STEPS_AT / 4);
  const bytes = Buffer.from(shared);
  const sleeper = new Int32Array(new SharedArrayBuffer(4));

  /** The last steps, newest first. */
  const steps = (): string[] => {
    const entered = Atomics.load(words, layout.ENTERED);
    const texts: string[] = [];
    for (let n = entered - 1; n >= Math.max(0, entered - layout.KEPT); n--) {
      const at = layout.STEPS_AT + (n % layout.KEPT) * layout.WIDTH;
      texts.push(bytes.toString('latin1', at + 1, at + 1 + (bytes[at] ?? 0)));
    }
    return texts;
  };

  /**
   * How long the main thread has run, and waited for a processor, in ms; undefined if the system does not
   * report it.
   */
  const times = (): [number, number] | undefined => {
    try {
      const [ran, waited] = readFileSync(`/proc/self/task/${line.pid}/schedstat`, 'latin1').split(' ');
      return [Number(ran) / 1e6, Number(waited) / 1e6];
    } catch {
      return undefined;
    }
  };
  let beats = -1;
  let since = times();
  let looks = 0;
  /**
   * How long the loop has hung: the time that the main thread ran since its last beat, or was blocked by
   * something other than the processor.
   */
  const stoodMs = (): number => {
    const now = times();
    if (!since || !now) return looks * lookMs;
    return Math.max(now[0] - since[0], looks * lookMs - (now[1] - since[1]));
  };
  while (stoodMs() < boundMs) {
    Atomics.wait(sleeper, 0, 0, lookMs);
    looks++;
    const now = Atomics.load(words, layout.BEATS);
    if (now === beats) continue;
    [beats, since, looks] = [now, times(), 0];
  }
  const msg = `the event loop stood still for ${boundMs} ms; this process ends`;
  const entry = { level: 60, time: Date.now(), ...line, last_steps: steps(), msg };
  try {
    if (tells) writeSync(fd, `${JSON.stringify(entry)}\n`);
  } catch {
    // Nobody reads the output, or its disk is full. The process ends anyway.
  }
  process.kill(line.pid, 'SIGKILL');
}
