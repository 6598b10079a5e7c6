import { MAX_SEARCH_WORDS } from '@agenthook/contracts';
import { AppError } from '../../errors.js';

/** Marks on a letter. Putting them in order takes quadratic time in their number. */
const MARKS = /[\p{M}\uff9e\uff9f]{8,}/gu;
/** How many are compared. No script has more on one letter. */
const MOST_MARKS = 8;
const ASCII = /^[\0-\x7f]*$/;

/** How a text is compared: without case, and in one of the several forms that some characters have. */
function folded(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text
    .replace(MARKS, (marks) => marks.slice(0, MOST_MARKS))
    .normalize('NFKC')
    .toLowerCase();
}

/**
 * The words of a search, and its passages in double quotes. Throws `invalid_request` if there are none or too
 * many.
 */
export function searchWords(search: string): string[] {
  const words = search
    .split('"')
    .flatMap((part, n) => (n % 2 === 1 ? [part.trim()] : part.split(/\s+/)))
    .filter((word) => word !== '')
    .map(folded);
  if (words.length > 0 && words.length <= MAX_SEARCH_WORDS) return [...new Set(words)];
  const message = `must have 1 to ${MAX_SEARCH_WORDS} words; this has ${words.length}`;
  throw new AppError('invalid_request', `text ${message}.`, { issues: [{ path: '/text', message }] });
}

/** What a search compares with words: the texts, names and numbers of values. */
export const searchedText = (values: readonly unknown[]): string => folded(textOf(values));

/** Whether each word of searchWords occurs in a searchedText. */
export const hasWords = (words: readonly string[], text: string): boolean =>
  words.every((word) => text.includes(word));

/** All texts, names and numbers of a value, each on its own line. */
function textOf(value: unknown): string {
  const found: string[] = [];
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (Array.isArray(next)) for (const item of next) open.push(item);
    else if (isPlain(next)) {
      for (const [name, item] of Object.entries(next)) {
        found.push(name);
        open.push(item);
      }
    } else if (next !== null && next !== undefined) found.push(String(next));
  }
  return found.join('\n');
}

/** Numbers with more digits than a double are objects, too, of their own class. */
const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value));
