/** A way to look for a word of a query among the terms of an index. */
export interface Look {
  /** What every term that may fit begins with; undefined where the word is not looked for in this way. */
  startOf(word: string): string | undefined;
  /** Whether terms that fit may stand before the word, in the order of terms. */
  backwards: boolean;
  /** How much of an index is read for one word, beyond the block where it would be, in bytes. */
  maxBytes: number;
  /** How well a term fits, up to 1; 0: not at all. */
  weigh(word: string, term: string): number;
}

const PREFIX_LENGTH = 4;

/** The word itself, and words that begin with it where it has four letters or more. */
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
/** A slip in the first letters is not forgiven: terms are sorted, and it would be anywhere. */
const SURE_LETTERS = 2;

/** Words with one letter more, less or other. Reads more than the other look: for when that finds nothing. */
export const NEARLY: Look = {
  startOf: (word) => (word.length < NEAR_LENGTH ? undefined : word.slice(0, SURE_LETTERS)),
  backwards: true,
  maxBytes: 32 * 1024,
  weigh: (word, term) => (isNear(word, term) ? (0.2 * term.length) / (term.length + 1) : 0),
};

/** Whether one change of a letter, or none, makes `a` of `b`. */
function isNear(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let n = 0;
  while (n < short.length && short[n] === long[n]) n++;
  return short.slice(long.length === short.length ? n + 1 : n) === long.slice(n + 1);
}
