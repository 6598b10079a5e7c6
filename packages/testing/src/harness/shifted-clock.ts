// The compiler does not copy it, so it is always that of the sources.
const SHIFT_CLOCK = new URL('../../src/harness/shift-clock.mjs', import.meta.url).href;

/** Environment of a Node process whose machine's clock is ahead by so many ms, or behind if negative. */
export const shiftedClock = (ms: number): Record<string, string> => ({
  NODE_OPTIONS: `--import=${SHIFT_CLOCK}?ms=${ms}`,
});

/** The same, ahead by what a file contains at the moment, for example `+3600s`. */
export const clockFromFile = (path: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=${SHIFT_CLOCK}?file=${encodeURIComponent(path)}`,
});
