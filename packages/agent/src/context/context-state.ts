import type { ContextEntry } from '@agenthook/contracts';
import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';

/**
 * What requests leave out of a run's messages. It only grows, and messages are only added at the end, so all
 * requests of a run begin in the same way until it changes. It follows from the journal, so a run that is
 * continued elsewhere sends the same.
 */
export interface ContextState {
  /** Results in messages before `before` have at most `keep` characters. */
  cuts: readonly { before: number; keep: number }[];
  /** Stands for the turns in messages before `before`. */
  summary?: { before: number; text: string };
  /** How long a request may be, by model, in estimated tokens, as its refusals show. */
  most: ReadonlyMap<string, number>;
}

export const WHOLE: ContextState = { cuts: [], most: new Map() };

/** The state after an entry of the journal. */
export function withEntry(
  state: ContextState,
  { model, cut, summary, most_tokens }: Pick<ContextEntry, 'model' | 'cut' | 'summary' | 'most_tokens'>,
): ContextState {
  const most = most_tokens === undefined ? state.most : new Map(state.most).set(model, most_tokens);
  return {
    cuts: cut
      ? [...state.cuts.filter(({ before, keep }) => before > cut.before || keep < cut.keep), cut]
      : state.cuts,
    ...((summary ?? state.summary) && { summary: summary ?? state.summary }),
    most,
  };
}

/** How many characters of each result in a message are shown. */
export const keptAt = ({ cuts }: ContextState, index: number): number =>
  cuts.reduce(
    (least, { before, keep }) => (index < before ? Math.min(least, keep) : least),
    Number.POSITIVE_INFINITY,
  );

/** The text of a call's result with at most `keep` characters of it; undefined if it is short enough. */
export type Shorten = (call: string, keep: number) => string | undefined;

/** The messages that a request sends. */
export function inContext(
  prompt: LanguageModelV4Prompt,
  state: ContextState,
  shorten: Shorten,
): LanguageModelV4Prompt {
  const { summary, cuts } = state;
  if (!summary && cuts.length === 0) return prompt;
  const first = prompt.findIndex(({ role }) => role === 'user');
  return prompt.flatMap((message, index): LanguageModelV4Message[] => {
    if (summary && index === first && message.role === 'user') {
      return [{ ...message, content: [...message.content, { type: 'text', text: summary.text }] }];
    }
    if (summary && index > first && index < summary.before) return [];
    return [message.role === 'tool' ? shortened(message, keptAt(state, index), shorten) : message];
  });
}

type ToolMessage = Extract<LanguageModelV4Message, { role: 'tool' }>;

function shortened(message: ToolMessage, keep: number, shorten: Shorten): ToolMessage {
  if (keep === Number.POSITIVE_INFINITY) return message;
  const content = message.content.map((part) => {
    const call = callOf(part);
    const value = call === undefined ? undefined : shorten(call, keep);
    return part.type !== 'tool-result' || value === undefined
      ? part
      : { ...part, output: { type: 'text' as const, value } };
  });
  return { ...message, content };
}

/** The provider option that names the call of a result by its key in the journal. */
export const ofCall = (call: string) => ({ agenthook: { call } });

/** The key of the call that a result belongs to; undefined for other parts, and for errors. */
export function callOf(part: ToolMessage['content'][number]): string | undefined {
  if (part.type !== 'tool-result' || part.output.type !== 'text') return undefined;
  const call = part.output.providerOptions?.agenthook?.call;
  return typeof call === 'string' ? call : undefined;
}
