/** How long a passage should be, and how much of the end of the one before it repeats, in characters. */
const LENGTH = 800;
const OVERLAP = 160;

/** Where a text may be cut, from the best place to the worst: a paragraph, a line, a sentence, a word. */
const BOUNDS = [/\n\s*\n/g, /\n/g, /[.!?…。！？][)"'»”]*\s*/g, /\s+/g];

/** The end of the last bound of the best kind in `text` that lies beyond `from`; the whole length where there is none. */
function lastBound(text: string, from: number): number {
  for (const bound of BOUNDS) {
    const ends = [...text.matchAll(bound)].map((match) => match.index + match[0].length);
    const end = ends.filter((at) => at >= from).at(-1);
    if (end !== undefined) return end;
  }
  return text.length;
}

/** The start of the first sentence or word in the last `OVERLAP` characters before `end`. */
function overlapStart(text: string, end: number): number {
  const from = end - OVERLAP;
  const tail = text.slice(from, end);
  for (const bound of [/[.!?…。！？\n][)"'»”]*\s*/, /\s+/]) {
    const match = bound.exec(tail);
    if (match && match.index + match[0].length < OVERLAP) return from + match.index + match[0].length;
  }
  return end;
}

/**
 * Splits a text into passages of about 800 characters, at the ends of paragraphs, else of lines, sentences or words.
 * Each begins with the last sentence of the one before it, so that what spans a cut is found too.
 */
export function* splitPassages(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const rest = text.slice(start, start + LENGTH);
    const isLast = start + LENGTH >= text.length;
    // Not in the middle of a surrogate pair, where there is no bound at all.
    const length = isLast ? rest.length : lastBound(rest.replace(/[\uD800-\uDBFF]$/, ''), LENGTH / 2);
    const end = start + length;
    const passage = text.slice(start, end).trim();
    if (passage !== '') yield passage;
    if (isLast) return;
    start = Math.max(overlapStart(text, end), start + LENGTH / 4);
  }
}
