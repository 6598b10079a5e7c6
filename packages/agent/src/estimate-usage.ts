import type { LanguageModelV4CallOptions, LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import { tokenCount } from './bound-answer.js';

/** Characters of JSON for one token. English text has about four, code and other languages fewer. */
const CHARACTERS_PER_TOKEN = 4;

export interface TurnUsage {
  input_tokens: number;
  output_tokens: number;
  /** Whether the provider did not say, so that both follow from the length of the texts. */
  estimated?: true;
}

/** The tokens of one turn: as its provider counted them, or an estimate if it did not. */
export function usageOf(
  { prompt, tools }: Pick<LanguageModelV4CallOptions, 'prompt' | 'tools'>,
  { usage, content }: Pick<LanguageModelV4GenerateResult, 'usage' | 'content'>,
): TurnUsage {
  const counted = countedUsage({ usage });
  if (counted.input_tokens + counted.output_tokens > 0) return counted;
  return {
    input_tokens: estimate(prompt) + (tools ? estimate(tools) : 0),
    output_tokens: estimate(content),
    estimated: true,
  };
}

/** The tokens that the provider counted. */
export const countedUsage = ({ usage }: Pick<LanguageModelV4GenerateResult, 'usage'>): TurnUsage => ({
  input_tokens: tokenCount(usage.inputTokens.total),
  output_tokens: tokenCount(usage.outputTokens.total),
});

const estimate = (value: unknown): number =>
  Math.ceil((JSON.stringify(value)?.length ?? 0) / CHARACTERS_PER_TOKEN);
