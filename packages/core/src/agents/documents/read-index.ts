import { readBytes } from './bytes.js';
import { decodeTerm, type Range } from './index-format.js';

/** A block of terms: its first one, and where it lies. */
export interface Block extends Range {
  first: string;
}

/** Blocks that lie side by side, by their numbers; the last one included. */
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

/** The number of the block where `term` is, if it is anywhere. */
function blockOf(blocks: Block[], term: string): number {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((blocks[middle]?.first ?? '') <= term) low = middle + 1;
    else high = middle;
  }
  return Math.max(low - 1, 0);
}

/** The bytes of a stretch. */
export function rangeOf(blocks: Block[], { first, last }: Stretch): Range {
  return { from: blocks[first]?.from ?? 0, to: blocks[last]?.to ?? 0 };
}

/**
 * The blocks around the place of `term` that may hold terms which begin with `start`: those behind it and, where
 * `backwards` is set, those before it. One block in any case, and `maxBytes` on each side at most.
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

/** What an index says of a term. */
export interface FoundTerm {
  term: string;
  /** How many passages of its document have it. */
  passages: number;
  /** For visitPostings. */
  postings: Buffer;
}

/** The terms of a stretch, of which `bytes` are the content. */
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
