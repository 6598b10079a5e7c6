/** What the watchdog's thread is given. */
export interface WatchData {
  shared: SharedArrayBuffer;
  layout: Record<'BEATS' | 'ENTERED' | 'KEPT' | 'STEPS_AT' | 'WIDTH', number>;
  lookMs: number;
  boundMs: number;
  tells: boolean;
  /** What the log's lines of this process begin with. */
  line: { pid: number; hostname: string; name: string };
}

/**
 * The watchdog's thread: looks every `lookMs` whether the loop has beaten since, and ends the process after `boundMs`
 * without. It counts its own looks, not the time: while the process is stopped as a whole, the watchdog is too. What the
 * main thread waited for a processor does not count either, where the system tells it (Linux): a machine that has too much
 * to do is no loop that hangs.
 *
 * It is handed to the thread as text, so it refers to nothing outside of itself.
 */
export function watch({ shared, layout, lookMs, boundMs, tells, line }: WatchData): void {
  const { readFileSync, writeSync } = process.getBuiltinModule('node:fs');
  const words = new Int32Array(shared, 0, layout.STEPS_AT / 4);
  const bytes = Buffer.from(shared);
  const sleeper = new Int32Array(new SharedArrayBuffer(4));

  /** The last steps that were entered, the newest first. */
  const steps = (): string[] => {
    const entered = Atomics.load(words, layout.ENTERED);
    const texts: string[] = [];
    for (let n = entered - 1; n >= Math.max(0, entered - layout.KEPT); n--) {
      const at = layout.STEPS_AT + (n % layout.KEPT) * layout.WIDTH;
      texts.push(bytes.toString('latin1', at + 1, at + 1 + (bytes[at] ?? 0)));
    }
    return texts;
  };

  /** How long the main thread has run, and waited for a processor, so far, in ms; nothing where it is not told. */
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
  /** How long the loop has stood still: what the main thread ran since its last beat, or was blocked by something else. */
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
    if (tells) writeSync(1, `${JSON.stringify(entry)}\n`);
  } catch {
    // Nobody reads; the process ends all the same.
  }
  process.kill(line.pid, 'SIGKILL');
}
