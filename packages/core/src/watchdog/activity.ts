/** How many of the last steps are kept, and the maximum length of each in bytes. */
export const KEPT = 4;
export const WIDTH = 128;
/** Positions in the shared memory, in 32-bit words: the loop's beats, then the number of steps entered. */
export const BEATS = 0;
export const ENTERED = 1;
/** Where the steps begin, in bytes. Each is a length in one byte, followed by the text. */
export const STEPS_AT = 8;

/** Memory that the main thread writes and the watchdog reads while the main thread hangs. */
export const shareActivity = (): SharedArrayBuffer => new SharedArrayBuffer(STEPS_AT + KEPT * WIDTH);

/**
 * Records that a step begins, as `<id> <step>`. Takes a fraction of a microsecond; long texts are cut. If
 * many runs are active, the last steps are where to look first, not proof.
 */
export type EnterStep = (id: string, step: string) => void;

export function recordActivity(shared: SharedArrayBuffer): EnterStep {
  const words = new Int32Array(shared, 0, STEPS_AT / 4);
  const slots = Array.from({ length: KEPT }, (_, n) => Buffer.from(shared, STEPS_AT + n * WIDTH, WIDTH));
  return (id, step) => {
    const entered = Atomics.add(words, ENTERED, 1);
    const slot = slots[entered % KEPT] as Buffer;
    slot[0] = slot.write(`${id} ${step}`, 1, 'latin1');
  };
}
