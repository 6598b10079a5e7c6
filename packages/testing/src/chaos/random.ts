/** Random numbers that a seed repeats. */
export interface Random {
  /** At least 0 and below `most`. */
  below(most: number): number;
  /** One of them; undefined if there are none. */
  oneOf<T>(all: readonly T[]): T | undefined;
  /** All of them in another order. */
  shuffled<T>(all: readonly T[]): T[];
}

/** Numbers of the generator mulberry32 (https://github.com/cprosche/mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (most: number) => next() * most;
  return {
    below,
    oneOf: (all) => all[Math.floor(below(all.length))],
    shuffled: (all) =>
      all
        .map((value) => ({ value, place: next() }))
        .sort((a, b) => a.place - b.place)
        .map(({ value }) => value),
  };
}
