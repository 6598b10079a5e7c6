/** Maximum length of a passage, and how much of its predecessor's end it repeats, in characters. */
const LENGTH = 800;
const OVERLAP = 160;
/** Minimum length of all passages but the last. It bounds the work by the length of the text. */
const SHORTEST = LENGTH / 2;

export interface Passage {
  /** Its start in the text, in UTF-16 units. */
  start: number;
  text: string;
}

/** Where a text may be cut: after white space, and after sentence ends that need no space. */
const BOUND = /\s+|[…。！？]/g;
const SENTENCE_END = /[.!?…。！？][)"'»”]?$/;
/** How good a bound is for a cut; lower is better. */
const RANK = { paragraph: 0, line: 1, sentence: 2, word: 3 } as const;

function rankOf(bound: string, before: string): number {
  const line = bound.indexOf('\n');
  if (line !== -1) return line === bound.lastIndexOf('\n') ? RANK.line : RANK.paragraph;
  return SENTENCE_END.test(bound) || SENTENCE_END.test(before) ? RANK.sentence : RANK.word;
}

/** The bounds in `text` between `from` and `to`, in order: the end and the rank of each. */
function boundsIn(text: string, from: number, to: number): { end: number; rank: number }[] {
  return [...text.slice(from, to).matchAll(BOUND)].map(({ 0: bound, index }) => ({
    end: from + index + bound.length,
    rank: rankOf(bound, text.slice(Math.max(0, from + index - 2), from + index)),
  }));
}

/** Where the passage that begins at `start` ends: after the last bound of the best rank. */
function endOf(text: string, start: number): number {
  const to = start + LENGTH;
  const bounds = boundsIn(text, start + SHORTEST, to);
  const best = Math.min(...bounds.map(({ rank }) => rank));
  const end = bounds.findLast(({ rank }) => rank === best)?.end;
  if (end !== undefined) return end;
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(to - 1));
  return splitsPair ? to - 1 : to;
}

/**
 * The start of the first sentence, or else of the first word, in the last OVERLAP characters before `end`.
 */
function overlapStart(text: string, end: number): number {
  const bounds = boundsIn(text, end - OVERLAP, end).filter((bound) => bound.end < end);
  return (bounds.find(({ rank }) => rank <= RANK.sentence) ?? bounds[0])?.end ?? end;
}

/**
 * Splits a text into passages of about 800 characters, preferably at the ends of paragraphs, then lines,
 * sentences and words. Each passage begins with the end of the previous one, so that a search also finds text
 * across a cut. A passage of only white space is empty. Runs in linear time.
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
