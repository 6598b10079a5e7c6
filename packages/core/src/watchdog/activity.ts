/** How many of the steps that were entered last are kept, and how many bytes of each. */
export const KEPT = 4;
export const WIDTH = 128;
/** Where what is shared stands, in 32-bit words: the loop's beats, then how many steps were entered so far. */
export const BEATS = 0;
export const ENTERED = 1;
/** Where the steps begin, in bytes; each is a length in one byte, and a text. */
export const STEPS_AT = 8;

/** Memory that the main thread writes into and the watchdog reads while the main thread hangs. */
export const shareActivity = (): SharedArrayBuffer => new SharedArrayBuffer(STEPS_AT + KEPT * WIDTH);

/**
 * Notes that a step of some work begins, as `<id> <step>`. Costs a fraction of a microsecond; what is too long is cut.
 * Where many runs are under way, the last steps that were entered are where to look first, not proof.
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
