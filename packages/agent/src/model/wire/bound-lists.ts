import { MOST_PARTS } from '../../bound-answer.js';

/** How many entries of a list are kept: one more than are read, so that a long answer counts as cut. */
const MOST_LISTED = MOST_PARTS + 1;
/** How many entries all lists of an answer have together. */
const MOST_TOGETHER = 2 * MOST_LISTED;
const DEEPEST = 100;

/**
 * Where providers put a call's arguments as an object, whose form the tool's schema decides: Anthropic,
 * Google, some compatible servers. OpenAI sends them as a text.
 */
export const ARGUMENTS: ReadonlySet<string> = new Set(['input', 'args', 'arguments']);

/**
 * Cuts the lists of a parsed answer in place, except in arguments. Adapters compare each entry of a list with
 * every form that it may have: for one that fits none, that takes as long as parsing thousands of characters.
 *
 * @returns `too_many` if the lists are too long together even then
 */
export function boundLists(answer: unknown): 'whole' | 'cut' | 'too_many' {
  let left = MOST_TOGETHER;
  let isCut = false;
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > DEEPEST || left < 0) return;
    if (Array.isArray(value)) {
      if (value.length > MOST_LISTED) {
        value.length = MOST_LISTED;
        isCut = true;
      }
      left -= value.length;
    }
    for (const [name, each] of Object.entries(value)) if (!ARGUMENTS.has(name)) visit(each, depth + 1);
  };
  visit(answer, 0);
  if (left < 0) return 'too_many';
  return isCut ? 'cut' : 'whole';
}
