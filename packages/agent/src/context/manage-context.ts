import type { PriceOf } from '@agenthook/contracts';
import { APICallError, type LanguageModelV4, type LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { Journal } from '../journal.js';
import { readProviderMessage } from '../provider-message.js';
import { spentOnAnswer } from '../record-turns.js';
import type { Verdict } from '../verdict.js';
import { type ContextState, inContext, type Shorten } from './context-state.js';
import { nextStep, type Step } from './next-step.js';
import { offeredTools, shortenResults } from './read-more.js';
import { BYTES_PER_TOKEN, tokensOf, valueTokens } from './size.js';
import { statedLimit } from './stated-limit.js';
import { summaryRequest, summaryText, textOf } from './summarise.js';

/** Which share of a window a request may fill, and how much is left of it once it became shorter. */
const HIGH = 0.65;
const LOW = 0.4;
/** How far the tokens that a provider counts may be from their estimate. */
const [LEAST_RATIO, MOST_RATIO] = [0.75, 3];
/** How often a request is shortened after a refusal, and in how many steps each time. */
const MOST_TRIES = 4;
const MOST_STEPS = 12;
/** What a refusal without numbers says: the limit is lower than the request. */
const LOWER = 0.75;

export interface ContextInput {
  /** `provider:model`. */
  name: string;
  /** How many tokens the model reads; undefined if nobody knows. */
  window: number | undefined;
  journal: Journal;
  /** Marks a text as data from outside. */
  fence: (text: string) => string;
  /** Maps an error to a verdict; rethrows bugs. */
  verdictOn: (error: unknown) => Verdict;
  priceOf: PriceOf;
  /** Called with each request for a turn, before it is sent. */
  onSend: (params: LanguageModelV4CallOptions) => void;
}

/**
 * A model whose requests stay within its window. A request that would fill too much of it, or that the
 * provider has refused as too long, is made shorter step by step (next-step.ts). Each step is in the journal
 * before the request is sent.
 */
export function manageContext(model: LanguageModelV4, input: ContextInput): LanguageModelV4 {
  const { name, window, journal, fence } = input;
  const shorten = shortenResults(journal, fence);

  /** Makes a request shorter until it fits, and remembers the limit if a refusal showed it. */
  const fit = async (
    params: LanguageModelV4CallOptions,
    limit: number,
    isLearned: boolean,
  ): Promise<boolean> => {
    const lengths = { of: sizeIn(params, shorten), high: limit * HIGH, low: limit * LOW };
    let steps = 0;
    for (; steps < MOST_STEPS && lengths.of(journal.context) > lengths.high; steps++) {
      const step = nextStep(params.prompt, journal.context, lengths);
      if (!step) break;
      await journal.append({
        type: 'context',
        model: name,
        ...(await make(step, params, lengths.low)),
        ...(isLearned && steps === 0 && { most_tokens: Math.round(limit) }),
      });
    }
    return steps > 0;
  };

  const make = async (step: Step, params: LanguageModelV4CallOptions, low: number) => {
    if ('cut' in step) return { cut: step.cut };
    const { before } = step.summarise;
    const { summary } = journal.context;
    const turns = { prompt: params.prompt, from: summary?.before ?? 0, before, earlier: summary?.text };
    const request = summaryRequest(params, turns, Math.floor(low * BYTES_PER_TOKEN), fence);
    const { said, spent } = await summaryOf(request);
    return {
      summary: { before, text: summaryText(params.prompt, before, said, fence) },
      ...(spent && { spent }),
    };
  };

  /** What the model says; nothing if it cannot. Throws if it may say something later. */
  const summaryOf = async (request: LanguageModelV4CallOptions) => {
    try {
      const result = await model.doGenerate(request);
      return { said: textOf(result), spent: spentOnAnswer(name, input.priceOf, request, result) };
    } catch (error) {
      if (request.abortSignal?.aborted || input.verdictOn(error).retryable) throw error;
      return { said: '' };
    }
  };

  return {
    ...model,
    doGenerate: async (params) => {
      const known = journal.context.most.get(name) ?? (window && window / ratioIn(params, input, shorten));
      if (known !== undefined) await fit(params, known, false);
      for (let tries = 0; ; tries++) {
        const tools = offeredTools(params.tools, journal, journal.context.cuts.length > 0);
        const prompt = inContext(params.prompt, journal.context, shorten);
        const sent = { ...params, prompt, ...(tools && { tools }) };
        input.onSend(sent);
        try {
          return await model.doGenerate(sent);
        } catch (error) {
          if (params.abortSignal?.aborted || tries === MOST_TRIES) throw error;
          if (input.verdictOn(error).code !== 'context_exceeded') throw error;
          const limit = limitAfter(error, sizeIn(params, shorten)(journal.context));
          if (!(await fit(params, limit, true))) throw error;
        }
      }
    },
  };
}

/** Measures what a request would send, in estimated tokens. */
function sizeIn({ prompt, tools = [] }: LanguageModelV4CallOptions, shorten: Shorten) {
  const defined = valueTokens(tools);
  return (state: ContextState): number => tokensOf(inContext(prompt, state, shorten)) + defined;
}

/** How the provider's count of the last turn's input compares with our estimate of it. */
function ratioIn(
  params: LanguageModelV4CallOptions,
  { name, journal }: ContextInput,
  shorten: Shorten,
): number {
  const last = journal.turns.at(-1);
  const end = params.prompt.findLastIndex(({ role }) => role === 'assistant');
  if (!last || last.model !== name || last.estimated || last.input_tokens === 0 || end < 0) return 1;
  const estimate = sizeIn({ ...params, prompt: params.prompt.slice(0, end) }, shorten)(journal.contextAtTurn);
  return Math.min(Math.max(last.input_tokens / estimate, LEAST_RATIO), MOST_RATIO);
}

/** How long a request may be, in estimated tokens, after one of `size` was refused. */
function limitAfter(error: unknown, size: number): number {
  const stated = APICallError.isInstance(error) ? statedLimit(readProviderMessage(error)) : undefined;
  if (!stated) return size * LOWER;
  return stated.asked === undefined
    ? Math.min(stated.limit, size * LOWER)
    : (size * stated.limit) / stated.asked;
}
