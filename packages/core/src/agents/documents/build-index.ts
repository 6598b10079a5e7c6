import { writeBytes } from './bytes.js';
import {
  BLOCK_BYTES,
  encodeLength,
  encodePostings,
  encodeSpan,
  encodeTerm,
  FORMAT,
  type IndexFacts,
  type Postings,
} from './index-format.js';
import { splitPassages } from './passages.js';
import { pauses, sortInSteps } from './pauses.js';
import { termsOf } from './terms.js';

export interface BuiltIndex {
  facts: IndexFacts;
  bytes: Buffer;
}

/** Terms processed between two checks of the clock. */
const CHUNK = 200;

function countTerms(terms: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

/** Reads the text: the passages of each term, and the words and the place of each passage. */
async function readText(text: string) {
  const pause = pauses();
  const postings = new Map<string, Postings>();
  const lengths = writeBytes();
  const spans = writeBytes();
  let words = 0;
  let passage = 0;
  /** The same position in UTF-16 units and in bytes. */
  const known = { unit: 0, byte: 0 };
  for (const { start, text: part } of splitPassages(text)) {
    await pause();
    if (part === '') continue;
    const terms = termsOf(part);
    for (const [term, times] of countTerms(terms)) {
      const list = postings.get(term);
      if (list) list.push(passage, times);
      else postings.set(term, [passage, times]);
    }
    known.byte += Buffer.byteLength(text.slice(known.unit, start));
    known.unit = start;
    spans.bytes(encodeSpan({ from: known.byte, to: known.byte + Buffer.byteLength(part) }));
    lengths.byte(encodeLength(terms.length));
    words += terms.length;
    passage++;
  }
  return { postings, lengths: lengths.written(), spans: spans.written(), words, passages: passage };
}

async function writeTerms(postings: Map<string, Postings>) {
  const pause = pauses();
  const blocks = writeBytes();
  const directory = writeBytes();
  const encoded = writeBytes();
  let blockStart = 0;
  let first = '';
  let previousFirst = '';
  let previous = '';
  const endBlock = () => {
    encodeTerm(directory, first, previousFirst);
    directory.number(blocks.length - blockStart);
    previousFirst = first;
    blockStart = blocks.length;
    previous = '';
  };
  const terms = await sortInSteps([...postings.keys()]);
  for (const [n, term] of terms.entries()) {
    const list = postings.get(term) ?? [];
    encoded.clear();
    encodePostings(encoded, list);
    if (blocks.length > blockStart && blocks.length - blockStart + encoded.length > BLOCK_BYTES) endBlock();
    if (blocks.length === blockStart) first = term;
    encodeTerm(blocks, term, previous);
    previous = term;
    blocks.number(list.length / 2);
    blocks.number(encoded.length);
    blocks.bytes(encoded.written());
    if (n % CHUNK === 0) await pause();
  }
  if (blocks.length > blockStart) endBlock();
  return { blocks: blocks.written(), directory: directory.written() };
}

/**
 * Builds the full-text index of a text. Works in steps of a few milliseconds, so that other work can run.
 * Time and memory grow only with the length of the text.
 */
export async function buildIndex(text: string): Promise<BuiltIndex> {
  const { postings, lengths, spans, words, passages } = await readText(text);
  const { blocks, directory } = await writeTerms(postings);
  return {
    facts: { format: FORMAT, passages, words, blocks: blocks.length, directory: directory.length },
    bytes: Buffer.concat([blocks, directory, lengths, spans]),
  };
}
