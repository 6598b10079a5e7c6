/** How many words of a query are looked up. The longest ones are usually the rarest. */
const MAX_QUERY_TERMS = 16;
/** Longer terms are cut, since nobody searches for them; in UTF-16 units. */
const MAX_TERM_LENGTH = 64;

const WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+/gu;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const ASCII = /^[\x20-\x7e]*$/;

/**
 * The words of a text. In scripts without spaces between words, each pair of adjacent characters is a word.
 */
export function tokenize(text: string): string[] {
  const words = text.replace(WITHOUT_SPACES, ' ').match(WORD) ?? [];
  const pairs = (text.match(WITHOUT_SPACES) ?? []).flatMap((run) => {
    const characters = [...run];
    if (characters.length === 1) return characters;
    return characters.slice(1).map((character, n) => `${characters[n]}${character}`);
  });
  return [...words, ...pairs];
}

const foldLetters = (word: string): string =>
  word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss');

/**
 * A word in the form that is compared: `Größe`, `GROSSE` and `grosse` are one term. Empty if nothing remains.
 */
function toTerm(word: string): string {
  const cut = word.slice(0, MAX_TERM_LENGTH);
  const folded = ASCII.test(cut) ? cut.toLowerCase() : foldLetters(cut);
  // Half of a surrogate pair would not survive UTF-8.
  return folded.slice(0, MAX_TERM_LENGTH).replace(/[\uD800-\uDBFF]$/, '');
}

/** The terms of a text, in order, with repetitions. */
export const termsOf = (text: string): string[] =>
  tokenize(text)
    .map(toTerm)
    .filter((term) => term !== '');

/** The distinct terms of a query that are looked up: the longest ones. */
export const queryTerms = (query: string): string[] =>
  [...new Set(termsOf(query))].sort((a, b) => b.length - a.length).slice(0, MAX_QUERY_TERMS);
