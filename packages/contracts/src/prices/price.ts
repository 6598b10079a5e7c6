import { type Static, Type } from '@sinclair/typebox';
import type { TokenCounts } from './tokens.js';

const usd = (description: string) => Type.Number({ minimum: 0, maximum: 1_000_000, description });
const factor = (description: string) => Type.Number({ minimum: 0, maximum: 1_000, description });

/** The price of a model, in USD per million tokens. */
export const Price = Type.Object(
  {
    input: usd('Input tokens that were not cached.'),
    output: usd('Output tokens, reasoning included.'),
    cached_input: Type.Optional(usd('Input tokens read from a cache. Default: `input`.')),
    cache_write: Type.Optional(usd('Input tokens written to a cache. Default: `input`.')),
    long_context: Type.Optional(
      Type.Object(
        {
          above_tokens: Type.Integer({ minimum: 1 }),
          input: factor('Multiplies all input prices.'),
          output: factor('Multiplies the output price.'),
        },
        { additionalProperties: false, description: 'For requests with more input tokens than this.' },
      ),
    ),
    flex: Type.Optional(factor('Multiplies all prices for the service tier `flex`.')),
    priority: Type.Optional(factor('Multiplies all prices for the service tier `priority`.')),
  },
  { additionalProperties: false },
);
export type Price = Static<typeof Price>;

/** An operator's prices, by `provider:model` or `provider:*`. */
export const PriceFile = Type.Record(Type.String({ pattern: '^[^:]+:.' }), Price, {
  additionalProperties: false,
});
export type PriceFile = Static<typeof PriceFile>;

/**
 * The cost of a turn in USD; null if no price is known for the model, or for its service tier.
 *
 * @param tier the service tier that answered; tiers other than `flex` and `priority` have the standard price
 */
export function costOf(price: Price | undefined, counts: TokenCounts, tier?: string): number | null {
  const factor = price && tierFactor(price, tier);
  if (factor === undefined) return null;
  const { input, output, cached_input = input, cache_write = input, long_context } = price as Price;
  const { input_tokens, output_tokens, cached_input_tokens = 0, cache_write_tokens = 0 } = counts;
  const long = long_context && input_tokens > long_context.above_tokens ? long_context : undefined;
  const uncached = Math.max(0, input_tokens - cached_input_tokens - cache_write_tokens);
  const forInput = uncached * input + cached_input_tokens * cached_input + cache_write_tokens * cache_write;
  const perMillion = forInput * (long?.input ?? 1) + output_tokens * output * (long?.output ?? 1);
  return (perMillion * factor) / 1_000_000;
}

function tierFactor(price: Price, tier: string | undefined): number | undefined {
  if (tier === 'flex') return price.flex;
  // OpenAI renamed its priority tier to fast.
  if (tier === 'priority' || tier === 'fast') return price.priority;
  return 1;
}
