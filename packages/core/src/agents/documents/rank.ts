import { type IndexFacts, visitPostings } from './index-format.js';
import { pauses } from './pauses.js';

/** The constants of BM25+, with the values that MiniSearch and Lucene use. */
const [K, B, D] = [1.2, 0.7, 0.5];
/** How much more a word counts in a document's name than in its text. */
const NAME_BOOST = 1.5;

/** A term that matches a word of the query. */
export interface Fit {
  /** The index of the word in the query. */
  word: number;
  term: string;
  /** How well it matches, up to 1. */
  weight: number;
}
export interface TextFit extends Fit {
  /** How many passages contain it, and which. */
  passages: number;
  postings: Buffer;
}

/** A document in a search, with the matches in its text and in its name. */
export interface Searched {
  facts: IndexFacts;
  /** The word count of each passage, one byte each. */
  lengths: Buffer;
  /** The terms of the document's name. */
  name: string[];
  inText: TextFit[];
  inName: Fit[];
}

export interface Ranked {
  /** The index of the document, and of its passage. */
  document: number;
  passage: number;
  score: number;
}

/** How rare a term is, from the number of passages that contain it. */
const rarity = (total: number, having: number): number =>
  Math.log(1 + (total - having + 0.5) / (having + 0.5));

const saturation = (times: number, length: number): number =>
  D + (times * (K + 1)) / (times + K * (1 - B + B * length));

/**
 * Adds up the number of passages that contain each term. Two words of a query may match the same term of a
 * document.
 */
function countPassages(fits: { term: string; passages: number }[], sums: Map<string, number>): void {
  for (const [term, passages] of new Map(fits.map((fit) => [fit.term, fit.passages])))
    sums.set(term, (sums.get(term) ?? 0) + passages);
}

const countBits = (bits: number): number => {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
};

/** Keeps the best candidates in order. Among equals, the first one stays first. */
function keepBest(best: Ranked[], limit: number, candidate: Ranked): void {
  if (best.length === limit && candidate.score <= (best.at(-1)?.score ?? 0)) return;
  const at = best.findIndex(({ score }) => score < candidate.score);
  best.splice(at === -1 ? best.length : at, 0, candidate);
  best.length = Math.min(best.length, limit);
}

/** A score for each passage of a document, and which words of the query it contains, as bits. */
interface Scores {
  scores: Float64Array;
  words: Uint32Array;
}

function add({ scores, words }: Scores, passage: number, word: number, score: number): void {
  scores[passage] = (scores[passage] ?? 0) + score;
  words[passage] = (words[passage] ?? 0) | (1 << word);
}

/**
 * The best passages (BM25+), best first. A passage with more of the words ranks before one that repeats a
 * single word. Time is proportional to the postings and passages; works in steps that let other work run.
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
