import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { type ContextState, callOf, keptAt, withEntry } from './context-state.js';
import { BYTES_PER_TOKEN } from './size.js';

/** How many characters of an old result stay. */
const KEPT_OLD = 500;
/** How many characters of a result stay at least. */
const KEPT_LEAST = 200;
/** How many turns at the end are not summarised. */
const TAIL_TURNS = 3;

/** What makes the next request shorter. */
export type Step = { cut: { before: number; keep: number } } | { summarise: { before: number } };

export interface Lengths {
  /** The length of the request in a state, in estimated tokens. */
  of: (state: ContextState) => number;
  /** Above this, the request must become shorter. */
  high: number;
  /** How short it should become, so that this is not needed again at once. */
  low: number;
}

/**
 * The next step to make a request shorter: first the results that the model has seen are cut, the oldest
 * first; then the turns but the last are summarised; then the latest results are cut. Undefined if nothing
 * helps. It depends on nothing but its arguments.
 */
export function nextStep(
  prompt: LanguageModelV4Prompt,
  state: ContextState,
  lengths: Lengths,
): Step | undefined {
  return (
    cutOld(prompt, state, lengths) ??
    summariseTurns(prompt, state, lengths) ??
    cutLatest(prompt, state, lengths)
  );
}

const cutBy = (state: ContextState, cut: { before: number; keep: number }) =>
  withEntry(state, { model: '', cut });

function cutOld(prompt: LanguageModelV4Prompt, state: ContextState, { of, low }: Lengths): Step | undefined {
  const results = prompt
    .flatMap(({ role }, index) => (role === 'tool' ? [index] : []))
    .slice(0, -1)
    .filter((index) => keptAt(state, index) > KEPT_OLD && index >= (state.summary?.before ?? 0));
  const cutAt = (nth: number) => ({ before: (results[nth] ?? 0) + 1, keep: KEPT_OLD });
  // Cutting more results never makes the request longer. Few are measured, because each takes time for the
  // whole run.
  const enough = firstWhere(results.length, (nth) => of(cutBy(state, cutAt(nth))) <= low);
  const last = Math.min(enough, results.length - 1);
  if (last < 0) return undefined;
  const cut = cutAt(last);
  return of(cutBy(state, cut)) < of(state) ? { cut } : undefined;
}

/** The first number below `end` for which a condition holds, as it then does for all above; `end` if none. */
function firstWhere(end: number, holds: (n: number) => boolean): number {
  let [from, to] = [0, end];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

function summariseTurns(
  prompt: LanguageModelV4Prompt,
  state: ContextState,
  { of, high }: Lengths,
): Step | undefined {
  const turns = prompt.flatMap(({ role }, index) => (role === 'assistant' ? [index] : []));
  const from = state.summary?.before ?? 0;
  for (const tail of [TAIL_TURNS, 1]) {
    const before = turns.at(-tail);
    if (before === undefined || !turns.some((turn) => turn >= from && turn < before)) continue;
    // Without the turns, the rest must fit: otherwise it is the latest results that are too long.
    const text = state.summary?.text ?? '';
    if (of(withEntry(state, { model: '', summary: { before, text } })) <= high)
      return { summarise: { before } };
  }
  return undefined;
}

function cutLatest(
  prompt: LanguageModelV4Prompt,
  state: ContextState,
  { of, low }: Lengths,
): Step | undefined {
  const before = prompt.length;
  const least = { before, keep: KEPT_LEAST };
  const shortest = of(cutBy(state, least));
  if (shortest >= of(state)) return undefined;
  const from = state.summary?.before ?? 0;
  const cuttable = prompt.reduce(
    (sum, message, index) =>
      message.role === 'tool' && index >= from && keptAt(state, index) > KEPT_OLD
        ? sum + message.content.filter((part) => callOf(part) !== undefined).length
        : sum,
    0,
  );
  const room = Math.max(0, low - shortest) * BYTES_PER_TOKEN;
  const share = cuttable === 0 ? 0 : Math.floor(room / cuttable);
  const current = keptAt(state, before - 1);
  const keep = Math.max(KEPT_LEAST, Math.min(share, Math.floor(current / 2)));
  return { cut: of(cutBy(state, { before, keep })) < of(state) ? { before, keep } : least };
}
