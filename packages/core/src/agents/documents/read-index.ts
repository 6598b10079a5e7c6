import { readBytes } from './bytes.js';
import { decodeTerm, type Range } from './index-format.js';

/** A block of terms: its first term, and its range. */
export interface Block extends Range {
  first: string;
}

/** Adjacent blocks, by their numbers, including the last one. */
export interface Stretch {
  first: number;
  last: number;
}

/** The blocks of an index, from its directory. */
export function readDirectory(bytes: Buffer): Block[] {
  const reader = readBytes(bytes);
  const blocks: Block[] = [];
  for (let [first, from] = ['', 0]; reader.more(); ) {
    first = decodeTerm(reader, first);
    const to = from + reader.number();
    blocks.push({ first, from, to });
    from = to;
  }
  return blocks;
}

/** The number of the block that contains `term`, if any block does. */
function blockOf(blocks: Block[], term: string): number {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((blocks[middle]?.first ?? '') <= term) low = middle + 1;
    else high = middle;
  }
  return Math.max(low - 1, 0);
}

/** The range of bytes of a stretch. */
export function rangeOf(blocks: Block[], { first, last }: Stretch): Range {
  return { from: blocks[first]?.from ?? 0, to: blocks[last]?.to ?? 0 };
}

/**
 * The blocks around `term` that may contain terms with the prefix `start`: the following ones and, with
 * `backwards`, the preceding ones. At least one block, and at most `maxBytes` on each side.
 */
export function stretchAround(
  blocks: Block[],
  term: string,
  start: string,
  maxBytes: number,
  backwards: boolean,
): Stretch {
  const place = blockOf(blocks, term);
  const here = rangeOf(blocks, { first: place, last: place });
  const lowest = backwards ? blockOf(blocks, start) : place;
  let [first, last] = [place, place];
  while (first > lowest && here.to - (blocks[first - 1]?.from ?? 0) <= maxBytes) first--;
  for (let next = blocks[last + 1]; next?.first.startsWith(start); next = blocks[last + 1]) {
    if (next.to - here.from > maxBytes) break;
    last++;
  }
  return { first, last };
}

/** A term in an index. */
export interface FoundTerm {
  term: string;
  /** How many passages of the document contain it. */
  passages: number;
  /** Read it with visitPostings. */
  postings: Buffer;
}

/** The terms of a stretch whose content is `bytes`. */
export function* readTerms(blocks: Block[], { first, last }: Stretch, bytes: Buffer): Generator<FoundTerm> {
  const begin = blocks[first]?.from ?? 0;
  for (const { from, to } of blocks.slice(first, last + 1)) {
    const reader = readBytes(bytes.subarray(from - begin, to - begin));
    for (let term = ''; reader.more(); ) {
      term = decodeTerm(reader, term);
      const passages = reader.number();
      yield { term, passages, postings: reader.bytes(reader.number()) };
    }
  }
}
