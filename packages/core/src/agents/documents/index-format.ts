import { type ByteReader, type ByteWriter, readBytes } from './bytes.js';

/**
 * The full-text index of one document: one Redis string that a search reads in parts.
 *
 *   blocks     the terms in order, each with its postings, in blocks of about 1 KiB
 *   directory  the first term of each block, and the block's length
 *   lengths    the number of words of each passage, in one byte
 *   spans      the place of each passage in the text
 *
 * A term omits the beginning that it shares with the previous term of its block (front coding). Postings are
 * the passages that contain the term, as differences, with the number of occurrences if it is not 1.
 */
export interface IndexFacts {
  /** Version of the format. A document with another one is indexed again. */
  format: number;
  passages: number;
  /** In all passages. */
  words: number;
  /** Lengths of the parts, in bytes. */
  blocks: number;
  directory: number;
}

export const FORMAT = 1;
export const BLOCK_BYTES = 1024;
const SPAN_BYTES = 6;

/** A range of bytes: its first byte, and the byte after its last. */
export interface Range {
  from: number;
  to: number;
}

/** Directory and lengths, which are adjacent: a search reads them first. */
export const headRange = ({ blocks, directory, passages }: IndexFacts): Range => ({
  from: blocks,
  to: blocks + directory + passages,
});

export function spanRange({ blocks, directory, passages }: IndexFacts, passage: number): Range {
  const from = blocks + directory + passages + passage * SPAN_BYTES;
  return { from, to: from + SPAN_BYTES };
}

/**
 * Encodes a passage's place in its text, in bytes of UTF-8. A passage has at most 800 characters, so its
 * length fits.
 */
export function encodeSpan({ from, to }: Range): Buffer {
  const span = Buffer.allocUnsafe(SPAN_BYTES);
  span.writeUInt32LE(from);
  span.writeUInt16LE(to - from, 4);
  return span;
}

export function decodeSpan(span: Buffer): Range {
  const from = span.readUInt32LE();
  return { from, to: from + span.readUInt16LE(4) };
}

const MAX_LENGTH = 255;
/** Encodes a passage's word count in one byte. The ranking does not distinguish lengths above 255. */
export const encodeLength = (words: number): number => Math.min(words, MAX_LENGTH);

/** The length of the common prefix of two terms, in UTF-16 units. */
function sharedStart(a: string, b: string): number {
  let n = 0;
  while (n < a.length && n < b.length && a.charCodeAt(n) === b.charCodeAt(n)) n++;
  // Half of a surrogate pair cannot be encoded on its own.
  return n > 0 && (a.charCodeAt(n - 1) & 0xfc00) === 0xd800 ? n - 1 : n;
}

/** Encodes a term relative to the previous one; the first of a block relative to ''. */
export function encodeTerm(writer: ByteWriter, term: string, previous: string): void {
  const shared = sharedStart(term, previous);
  const rest = Buffer.from(term.slice(shared));
  writer.byte(shared);
  writer.byte(rest.length);
  writer.bytes(rest);
}

export function decodeTerm(reader: ByteReader, previous: string): string {
  const shared = reader.byte();
  return previous.slice(0, shared) + reader.bytes(reader.byte()).toString();
}

/**
 * The passages that contain a term, in order, each with its number of occurrences:
 * `[passage, times, passage, times, …]`.
 */
export type Postings = number[];

export function encodePostings(writer: ByteWriter, postings: Postings): void {
  let previous = -1;
  for (let n = 0; n < postings.length; n += 2) {
    const [passage = 0, times = 1] = [postings[n], postings[n + 1]];
    const step = passage - previous - 1;
    writer.number(times === 1 ? step * 2 : step * 2 + 1);
    if (times !== 1) writer.number(times);
    previous = passage;
  }
}

/** Calls `visit` for each passage that contains the term. */
export function visitPostings(bytes: Buffer, visit: (passage: number, times: number) => void): void {
  const reader = readBytes(bytes);
  for (let passage = -1; reader.more(); ) {
    const step = reader.number();
    passage += 1 + (step >>> 1);
    visit(passage, step % 2 === 0 ? 1 : reader.number());
  }
}
