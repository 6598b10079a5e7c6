import { type IndexFacts, visitPostings } from './index-format.js';
import { pauses } from './pauses.js';

/** The constants of BM25+, as MiniSearch and Lucene have them. */
const [K, B, D] = [1.2, 0.7, 0.5];
/** How much more a word counts in the name of a document than in its text. */
const NAME_BOOST = 1.5;

/** A term that fits a word of the query. */
export interface Fit {
  /** The number of the word. */
  word: number;
  term: string;
  /** How well it fits, up to 1. */
  weight: number;
}
export interface TextFit extends Fit {
  /** How many passages have it, and which. */
  passages: number;
  postings: Buffer;
}

/** A document that is searched, with what fits the query in its text and in its name. */
export interface Searched {
  facts: IndexFacts;
  /** The words of each passage, a byte each. */
  lengths: Buffer;
  /** The terms of its name. */
  name: string[];
  inText: TextFit[];
  inName: Fit[];
}

export interface Ranked {
  /** The number of the document, and that of its passage. */
  document: number;
  passage: number;
  score: number;
}

/** How rare a term is: in how many of all passages it is. */
const rarity = (total: number, having: number): number =>
  Math.log(1 + (total - having + 0.5) / (having + 0.5));

const saturation = (times: number, length: number): number =>
  D + (times * (K + 1)) / (times + K * (1 - B + B * length));

/** Adds up in how many passages each term is. Two words of a query may have found the same one in a document. */
function countPassages(fits: { term: string; passages: number }[], sums: Map<string, number>): void {
  for (const [term, passages] of new Map(fits.map((fit) => [fit.term, fit.passages])))
    sums.set(term, (sums.get(term) ?? 0) + passages);
}

const countBits = (bits: number): number => {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
};

/** Keeps the best in order; of equals, the first that came. */
function keepBest(best: Ranked[], limit: number, candidate: Ranked): void {
  if (best.length === limit && candidate.score <= (best.at(-1)?.score ?? 0)) return;
  const at = best.findIndex(({ score }) => score < candidate.score);
  best.splice(at === -1 ? best.length : at, 0, candidate);
  best.length = Math.min(best.length, limit);
}

/** A score for each passage of one document, and which words of the query it has, as bits. */
interface Scores {
  scores: Float64Array;
  words: Uint32Array;
}

function add({ scores, words }: Scores, passage: number, word: number, score: number): void {
  scores[passage] = (scores[passage] ?? 0) + score;
  words[passage] = (words[passage] ?? 0) | (1 << word);
}

/**
 * The passages that fit best (BM25+), best first. A passage that has more of the words goes before one that has one of
 * them often. Takes time in proportion to the postings and passages, in steps that let other work through.
 */
export async function rank(documents: Searched[], limit: number): Promise<Ranked[]> {
  const sum = (of: (document: Searched) => number) => documents.reduce((total, each) => total + of(each), 0);
  const total = sum(({ facts }) => facts.passages);
  const average = sum(({ facts }) => facts.words) / Math.max(total, 1);
  const averageName = sum(({ name }) => name.length) / documents.length;
  const [havingInText, havingInName] = [new Map<string, number>(), new Map<string, number>()];
  for (const { facts, inText, inName } of documents) {
    countPassages(inText, havingInText);
    countPassages(
      inName.map(({ term }) => ({ term, passages: facts.passages })),
      havingInName,
    );
  }
  const pause = pauses();
  const best: Ranked[] = [];
  for (const [document, { facts, lengths, name, inText, inName }] of documents.entries()) {
    if (inText.length + inName.length === 0) continue;
    const found: Scores = {
      scores: new Float64Array(facts.passages),
      words: new Uint32Array(facts.passages),
    };
    for (const { word, term, weight, postings } of inText) {
      const factor = weight * rarity(total, havingInText.get(term) ?? 0);
      visitPostings(postings, (passage, times) =>
        add(found, passage, word, factor * saturation(times, (lengths[passage] ?? 0) / average)),
      );
      await pause();
    }
    for (const { word, term, weight } of inName) {
      const times = name.filter((each) => each === term).length;
      const factor = NAME_BOOST * weight * rarity(total, havingInName.get(term) ?? 0);
      const score = factor * saturation(times, name.length / averageName);
      for (let passage = 0; passage < facts.passages; passage++) add(found, passage, word, score);
    }
    for (const [passage, score] of found.scores.entries()) {
      const words = countBits(found.words[passage] ?? 0);
      if (score > 0) keepBest(best, limit, { document, passage, score: score * words });
    }
    await pause();
  }
  return best;
}
