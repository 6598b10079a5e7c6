/** A way to find a query's word among the terms of an index. */
export interface Look {
  /** The prefix of all terms that may match; undefined if this way does not apply to the word. */
  startOf(word: string): string | undefined;
  /** Whether matching terms may sort before the word. */
  backwards: boolean;
  /** How many bytes of an index are read for one word, beyond the block that would contain it. */
  maxBytes: number;
  /** How well a term matches, up to 1; 0 if it does not. */
  weigh(word: string, term: string): number;
}

const PREFIX_LENGTH = 4;

/** The word itself, and terms that begin with it if it has at least four letters. */
export const WHOLE_OR_PREFIX: Look = {
  startOf: (word) => word,
  backwards: false,
  maxBytes: 8 * 1024,
  weigh(word, term) {
    if (term === word) return 1;
    if (word.length < PREFIX_LENGTH || !term.startsWith(word)) return 0;
    return (0.4 * term.length) / (term.length + 0.3 * (term.length - word.length));
  },
};

const NEAR_LENGTH = 5;
/** The first letters must be right: terms are sorted, so a typo there could be anywhere. */
const SURE_LETTERS = 2;

/**
 * Words with one letter added, removed or changed. Reads more than the other look, so it is used only when
 * that finds nothing.
 */
export const NEARLY: Look = {
  startOf: (word) => (word.length < NEAR_LENGTH ? undefined : word.slice(0, SURE_LETTERS)),
  backwards: true,
  maxBytes: 32 * 1024,
  weigh: (word, term) => (isNear(word, term) ? (0.2 * term.length) / (term.length + 1) : 0),
};

/** Whether at most one change of a letter turns `a` into `b`. */
function isNear(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let n = 0;
  while (n < short.length && short[n] === long[n]) n++;
  return short.slice(long.length === short.length ? n + 1 : n) === long.slice(n + 1);
}
