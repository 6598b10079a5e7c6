/** Environment of a Node process whose machine's clock is ahead by so many ms, or behind if negative. */
export const shiftedClock = (ms: number): Record<string, string> => ({
  NODE_OPTIONS: `--import=${new URL('./shift-clock.mjs', import.meta.url).href}?ms=${ms}`,
});
