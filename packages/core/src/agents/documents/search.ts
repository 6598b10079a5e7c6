import { type Hit, MAX_QUERY_CHARACTERS } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { keys } from '../../redis/keys.js';
import { type DocumentEntry, readEntries } from './document-store.js';
import { decodeSpan, headRange, type IndexFacts, type Range, spanRange } from './index-format.js';
import { indexStored, isIndexed } from './index-stored.js';
import { type Look, NEARLY, WHOLE_OR_PREFIX } from './looks.js';
import { pauses } from './pauses.js';
import { type Fit, type Ranked, rank, type Searched, type TextFit } from './rank.js';
import { type Block, rangeOf, readDirectory, readTerms, stretchAround } from './read-index.js';
import { queryTerms, termsOf } from './terms.js';

/** Upper bound in bytes for the terms and postings that one search reads when it looks for prefixes. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Terms of one document that are matched to one word. */
const MAX_FITS = 50;

interface Opened {
  id: string;
  title: string;
  facts: IndexFacts;
  blocks: Block[];
  lengths: Buffer;
  name: string[];
}

/** A part of a string in Redis; empty if the key does not exist. */
const readPart = (ctx: Context, key: string, { from, to }: Range): Promise<Buffer> =>
  ctx.redis.getrangeBuffer(key, from, to - 1);

/** Opens an agent's documents for a search. */
async function openDocuments(ctx: Context, agentId: string, entries: DocumentEntry[]): Promise<Opened[]> {
  const opened = await Promise.all(
    entries.map(async ({ id, name, index: facts }) => {
      if (facts === undefined || facts.passages === 0) return [];
      const head = await readPart(ctx, keys.documentIndex(agentId, id), headRange(facts));
      if (head.length === 0) return [];
      const [blocks, lengths] = [
        readDirectory(head.subarray(0, facts.directory)),
        head.subarray(facts.directory),
      ];
      return [{ id, title: name, facts, blocks, lengths, name: termsOf(name) }];
    }),
  );
  return opened.flat();
}

const fitsInName = (look: Look, words: string[], name: string[]): Fit[] =>
  words.flatMap((text, word) =>
    [...new Set(name)].flatMap((term) => {
      const weight = look.startOf(text) === undefined ? 0 : look.weigh(text, term);
      return weight > 0 ? [{ word, term, weight }] : [];
    }),
  );

/**
 * Plans which blocks to read for each word in each document. If that is too much, plans little more than one
 * block for each.
 */
function planReads(look: Look, words: string[], documents: Opened[]) {
  const plan = (maxBytes: number) =>
    documents.flatMap(({ blocks }, document) =>
      words.flatMap((text, word) => {
        const start = look.startOf(text);
        if (start === undefined) return [];
        const stretch = stretchAround(blocks, text, start, maxBytes, look.backwards);
        return [{ document, word, text, stretch, range: rangeOf(blocks, stretch) }];
      }),
    );
  const full = plan(look.maxBytes);
  return full.reduce((sum, { range }) => sum + range.to - range.from, 0) <= MAX_BYTES ? full : plan(0);
}

/** The matches in the texts, for each document in the order of `documents`. */
async function fitsInTexts(
  ctx: Context,
  agentId: string,
  look: Look,
  words: string[],
  documents: Opened[],
): Promise<TextFit[][]> {
  const reads = planReads(look, words, documents);
  const parts = await Promise.all(
    reads.map(({ document, range }) =>
      readPart(ctx, keys.documentIndex(agentId, documents[document]?.id ?? ''), range),
    ),
  );
  const pause = pauses();
  const found: TextFit[][] = documents.map(() => []);
  for (const [n, { document, word, text, stretch }] of reads.entries()) {
    const bytes = parts[n];
    if (!bytes || bytes.length === 0) continue;
    const fits: TextFit[] = [];
    for (const { term, passages, postings } of readTerms(documents[document]?.blocks ?? [], stretch, bytes)) {
      const weight = look.weigh(text, term);
      if (weight > 0) fits.push({ word, term, weight, passages, postings });
      if (fits.length === MAX_FITS) break;
    }
    found[document]?.push(...fits);
    await pause();
  }
  return found;
}

async function readPassage(
  ctx: Context,
  agentId: string,
  { id, facts }: Opened,
  passage: number,
): Promise<string> {
  const span = await readPart(ctx, keys.documentIndex(agentId, id), spanRange(facts, passage));
  if (span.length === 0) return '';
  return (await readPart(ctx, keys.documentText(agentId, id), decodeSpan(span))).toString();
}

async function find(ctx: Context, agentId: string, words: string[], documents: Opened[], limit: number) {
  for (const look of [WHOLE_OR_PREFIX, NEARLY]) {
    const inTexts = await fitsInTexts(ctx, agentId, look, words, documents);
    const searched: Searched[] = documents.map((document, n) => ({
      ...document,
      inText: inTexts[n] ?? [],
      inName: fitsInName(look, words, document.name),
    }));
    const ranked = await rank(searched, limit);
    if (ranked.length > 0) return ranked;
  }
  return [];
}

/**
 * The passages of an agent's documents that match a query best. The amount read and the time are bounded for
 * any documents and query. The process caches nothing and runs few searches at once.
 */
export async function searchDocuments(
  ctx: Context,
  agentId: string,
  query: string,
  limit: number,
  signal: AbortSignal,
): Promise<Hit[]> {
  const words = queryTerms(query.slice(0, MAX_QUERY_CHARACTERS));
  if (words.length === 0) return [];
  let entries = await readEntries(ctx, agentId);
  const missing = entries.filter((entry) => !isIndexed(entry));
  for (const entry of missing) await indexStored(ctx, agentId, entry, signal);
  if (missing.length > 0) entries = await readEntries(ctx, agentId);

  return await ctx.documentWork.search(async () => {
    const documents = await openDocuments(ctx, agentId, entries);
    signal.throwIfAborted();
    const ranked = await find(ctx, agentId, words, documents, limit);
    const toHit = async ({ document, passage, score }: Ranked): Promise<Hit[]> => {
      const from = documents[document];
      const text = from ? await readPassage(ctx, agentId, from, passage) : '';
      // Empty if the document was removed meanwhile.
      return from && text !== ''
        ? [{ document: from.title, passage: text, score: Number(score.toFixed(3)) }]
        : [];
    };
    return (await Promise.all(ranked.map(toHit))).flat();
  }, signal);
}
