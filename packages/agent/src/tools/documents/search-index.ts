import { setImmediate as otherWork } from 'node:timers/promises';
import type { StoredDocument } from '@agenthook/contracts';
import MiniSearch from 'minisearch';
import { splitPassages } from './passages.js';

/** Passages that are indexed in one go, some milliseconds of work; then other runs of this process have their turn. */
const CHUNK = 20;
/** Of a query: a word that stands in every passage costs a look at every passage. The longest are the rarest. */
const MAX_TERMS = 16;

export interface Hit {
  document: string;
  passage: string;
  /** Higher is better; comparable within one search alone. */
  score: number;
}

export interface SearchIndex {
  documents: { name: string; characters: number }[];
  /** Of all texts, for whoever has to bound the memory of several indexes. */
  characters: number;
  search(query: string, limit: number): Hit[];
}

interface Passage {
  id: number;
  name: string;
  text: string;
}

const WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+/gu;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/** Words; of scripts that put no spaces between words, each two characters that stand together. */
export function tokenize(text: string): string[] {
  const words = text.replace(WITHOUT_SPACES, ' ').match(WORD) ?? [];
  const pairs = (text.match(WITHOUT_SPACES) ?? []).flatMap((run) => {
    const characters = [...run];
    if (characters.length === 1) return characters;
    return characters.slice(1).map((character, n) => `${characters[n]}${character}`);
  });
  return [...words, ...pairs];
}

/** Compares as people search: `Größe`, `GROSSE` and `grosse` are one word. */
const normalize = (term: string): string =>
  /^[\x20-\x7e]*$/.test(term) ? term.toLowerCase() : foldLetters(term);
const foldLetters = (term: string): string =>
  term.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss');

/** Makes a full-text index (BM25+) of documents, in steps that let the process do other things in between. */
export async function buildIndex(documents: StoredDocument[]): Promise<SearchIndex> {
  const passages: Passage[] = [];
  const index = new MiniSearch<Passage>({
    fields: ['text', 'name'],
    tokenize,
    processTerm: normalize,
    searchOptions: {
      tokenize: (query) =>
        [...new Set(tokenize(query))].sort((a, b) => b.length - a.length).slice(0, MAX_TERMS),
      boost: { name: 1.5 },
      prefix: (term) => term.length >= 4,
      weights: { prefix: 0.4, fuzzy: 0.2 },
    },
  });
  for (const { name, text } of documents) {
    for (const part of splitPassages(text)) {
      const passage = { id: passages.length, name, text: part };
      passages.push(passage);
      index.add(passage);
      if (passages.length % CHUNK === 0) await otherWork();
    }
  }
  // A look at all words that are nearly the same takes long in a large text, so only where nothing else was found.
  const find = (query: string) => {
    const found = index.search(query);
    return found.length > 0
      ? found
      : index.search(query, { fuzzy: (term) => (term.length >= 5 ? 1 : false) });
  };
  return {
    documents: documents.map(({ name, text }) => ({ name, characters: text.length })),
    characters: documents.reduce((sum, { text }) => sum + text.length, 0),
    search: (query, limit) =>
      find(query)
        .slice(0, limit)
        .flatMap(({ id, score }) => {
          const passage = passages[id];
          return passage
            ? [{ document: passage.name, passage: passage.text, score: Number(score.toFixed(3)) }]
            : [];
        }),
  };
}
