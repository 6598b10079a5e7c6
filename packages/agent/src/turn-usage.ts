import type { TokenCounts } from '@agenthook/contracts';
import { isJsonObject } from '@agenthook/json';
import type { LanguageModelV4CallOptions, LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import { tokenCount } from './bound-answer.js';

/** Characters of JSON for one token. English text has about four, code and other languages fewer. */
const CHARACTERS_PER_TOKEN = 4;

/** More is no price of one turn. */
const MOST_USD = 10_000;

export interface TurnUsage extends TokenCounts {
  /** Whether the provider left out a count, so that it follows from the length of the texts. */
  estimated?: true;
}

type Counted = Pick<LanguageModelV4GenerateResult, 'usage'>;

/** The tokens of one turn: as its provider counted them, or an estimate of what it did not count. */
export function usageOf(
  { prompt, tools }: Pick<LanguageModelV4CallOptions, 'prompt' | 'tools'>,
  { usage, content }: Pick<LanguageModelV4GenerateResult, 'usage' | 'content'>,
): TurnUsage {
  const counted = countedUsage({ usage });
  // A request is never empty, but a provider may count an answer as 0.
  const hasInput = counted.input_tokens > 0;
  const saidNone = OUTPUT_COUNTS.some((name) => usage.raw?.[name] === 0) || content.length === 0;
  const hasOutput = counted.output_tokens > 0 || (hasInput && saidNone);
  if (hasInput && hasOutput) return counted;
  return {
    ...counted,
    ...(!hasInput && { input_tokens: estimateTokens(prompt) + (tools ? estimateTokens(tools) : 0) }),
    ...(!hasOutput && { output_tokens: estimateTokens(content) }),
    estimated: true,
  };
}

/** What APIs call the tokens of an answer. */
const OUTPUT_COUNTS = ['completion_tokens', 'output_tokens', 'outputTokens', 'candidatesTokenCount'];

/** The tokens that the provider counted. A part never exceeds its whole; one of 0 is left out. */
export function countedUsage({ usage }: Counted): TurnUsage {
  const { inputTokens, outputTokens, raw } = usage;
  const input_tokens = tokenCount(inputTokens.total);
  const output_tokens = tokenCount(outputTokens.total);
  const cached = Math.min(tokenCount(inputTokens.cacheRead), input_tokens);
  // The adapter of compatible servers leaves written tokens out.
  const details = isJsonObject(raw?.prompt_tokens_details) ? raw.prompt_tokens_details : {};
  const written = tokenCount(inputTokens.cacheWrite ?? (details.cache_write_tokens as number | undefined));
  const writtenAtMost = Math.min(written, input_tokens - cached);
  const reasoning = Math.min(tokenCount(outputTokens.reasoning), output_tokens);
  return {
    input_tokens,
    output_tokens,
    ...(cached > 0 && { cached_input_tokens: cached }),
    ...(writtenAtMost > 0 && { cache_write_tokens: writtenAtMost }),
    ...(reasoning > 0 && { reasoning_tokens: reasoning }),
  };
}

/** What the provider says the turn cost, in USD. OpenRouter does: https://openrouter.ai/docs/use-cases/usage-accounting */
export function reportedCost({ usage }: Counted): number | null {
  const cost = usage.raw?.cost;
  return typeof cost === 'number' && cost >= 0 && cost <= MOST_USD ? cost : null;
}

/** The service tier that answered, if the provider says so. */
export function tierOf({
  usage,
  providerMetadata,
}: Pick<LanguageModelV4GenerateResult, 'usage' | 'providerMetadata'>): string | undefined {
  const said = Object.values(providerMetadata ?? {}).map(({ serviceTier }) => serviceTier);
  return [...said, usage.raw?.served_tier].find((tier) => typeof tier === 'string')?.toLowerCase();
}

/** About how many tokens a value has as JSON. */
export const estimateTokens = (value: unknown): number =>
  Math.ceil((JSON.stringify(value)?.length ?? 0) / CHARACTERS_PER_TOKEN);
