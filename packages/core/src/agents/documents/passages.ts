/** How long a passage is at most, and how much of the end of the one before it repeats, in characters. */
const LENGTH = 800;
const OVERLAP = 160;
/** No passage but the last is shorter, so the work for a text is bounded by its length, whatever stands in it. */
const SHORTEST = LENGTH / 2;

export interface Passage {
  /** Where it begins in its text, in UTF-16 units. */
  start: number;
  text: string;
}

/** Where a text may be cut: behind white space, and behind the end of a sentence that needs none. */
const BOUND = /\s+|[…。！？]/g;
const SENTENCE_END = /[.!?…。！？][)"'»”]?$/;
/** How good a bound is to cut at; the smaller the better. */
const RANK = { paragraph: 0, line: 1, sentence: 2, word: 3 } as const;

function rankOf(bound: string, before: string): number {
  const line = bound.indexOf('\n');
  if (line !== -1) return line === bound.lastIndexOf('\n') ? RANK.line : RANK.paragraph;
  return SENTENCE_END.test(bound) || SENTENCE_END.test(before) ? RANK.sentence : RANK.word;
}

/** The bounds in `text` from `from` on to `to`, in order: where each ends, and how good it is. */
function boundsIn(text: string, from: number, to: number): { end: number; rank: number }[] {
  return [...text.slice(from, to).matchAll(BOUND)].map(({ 0: bound, index }) => ({
    end: from + index + bound.length,
    rank: rankOf(bound, text.slice(Math.max(0, from + index - 2), from + index)),
  }));
}

/** Where to end the passage that begins at `start`: behind the last bound of the best kind. */
function endOf(text: string, start: number): number {
  const to = start + LENGTH;
  const bounds = boundsIn(text, start + SHORTEST, to);
  const best = Math.min(...bounds.map(({ rank }) => rank));
  const end = bounds.findLast(({ rank }) => rank === best)?.end;
  if (end !== undefined) return end;
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(to - 1));
  return splitsPair ? to - 1 : to;
}

/** The start of the first sentence, else of the first word, in the last OVERLAP characters before `end`. */
function overlapStart(text: string, end: number): number {
  const bounds = boundsIn(text, end - OVERLAP, end).filter((bound) => bound.end < end);
  return (bounds.find(({ rank }) => rank <= RANK.sentence) ?? bounds[0])?.end ?? end;
}

/**
 * Splits a text into passages of about 800 characters, at the ends of paragraphs, else of lines, sentences or words.
 * Each begins with the last sentence of the one before it, so that what spans a cut is found too. A passage is
 * empty where there is white space alone. Linear in the length of the text.
 */
export function* splitPassages(text: string): Generator<Passage> {
  for (let start = 0; start < text.length; ) {
    const isLast = start + LENGTH >= text.length;
    const end = isLast ? text.length : endOf(text, start);
    const whole = text.slice(start, end);
    const trimmed = whole.trim();
    yield { start: start + whole.indexOf(trimmed), text: trimmed };
    if (isLast) return;
    start = overlapStart(text, end);
  }
}
