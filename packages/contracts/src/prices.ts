/** The price of a model, in USD per million tokens. */
export interface Price {
  input: number;
  output: number;
}

/**
 * List prices, without discounts for caching or batches. Sources: openai.com/api/pricing,
 * docs.claude.com/en/docs/about-claude/pricing, ai.google.dev/gemini-api/docs/pricing.
 */
export const PRICES_AS_OF = '2025-11-24';

const PRICES: Record<string, Price> = {
  'openai:gpt-5.1': { input: 1.25, output: 10 },
  'openai:gpt-5': { input: 1.25, output: 10 },
  'openai:gpt-5-mini': { input: 0.25, output: 2 },
  'openai:gpt-5-nano': { input: 0.05, output: 0.4 },
  'openai:gpt-4.1': { input: 2, output: 8 },
  'openai:gpt-4.1-mini': { input: 0.4, output: 1.6 },
  'openai:gpt-4.1-nano': { input: 0.1, output: 0.4 },
  'openai:gpt-4o': { input: 2.5, output: 10 },
  'openai:gpt-4o-mini': { input: 0.15, output: 0.6 },
  'openai:o3': { input: 2, output: 8 },
  'openai:o4-mini': { input: 1.1, output: 4.4 },
  'anthropic:claude-opus-4-5': { input: 5, output: 25 },
  'anthropic:claude-opus-4-1': { input: 15, output: 75 },
  'anthropic:claude-sonnet-4-5': { input: 3, output: 15 },
  'anthropic:claude-sonnet-4': { input: 3, output: 15 },
  'anthropic:claude-haiku-4-5': { input: 1, output: 5 },
  'anthropic:claude-3-5-haiku': { input: 0.8, output: 4 },
  'google:gemini-2.5-flash': { input: 0.3, output: 2.5 },
  'google:gemini-2.5-flash-lite': { input: 0.1, output: 0.4 },
  'google:gemini-2.0-flash': { input: 0.1, output: 0.4 },
  'sandbox:echo': { input: 0, output: 0 },
};

/** The price of `provider:model`, whose name may end in a release date; undefined if unknown. */
export const priceOf = (model: string): Price | undefined =>
  PRICES[model] ?? PRICES[model.replace(/-(\d{8}|\d{4}-\d{2}-\d{2})$/, '')];

/** The cost of a turn in USD; null if no price is known. */
export function costOf(model: string, inputTokens: number, outputTokens: number): number | null {
  const price = priceOf(model);
  return price ? (inputTokens * price.input + outputTokens * price.output) / 1_000_000 : null;
}
