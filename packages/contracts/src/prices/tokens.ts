/** The tokens of a turn, as its provider counted them. */
export interface TokenCounts {
  /** All input, including cached tokens. */
  input_tokens: number;
  /** All output, including reasoning. */
  output_tokens: number;
  /** The part of the input that was read from a cache. */
  cached_input_tokens?: number;
  /** The part of the input that was written to a cache. */
  cache_write_tokens?: number;
  /** The part of the output that is reasoning. */
  reasoning_tokens?: number;
}

/** Only the token counts of a larger object. Parts that were not counted stay out. */
export function tokensOf(counts: TokenCounts): TokenCounts {
  const { input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens } = counts;
  return {
    input_tokens,
    output_tokens,
    ...(cached_input_tokens !== undefined && { cached_input_tokens }),
    ...(cache_write_tokens !== undefined && { cache_write_tokens }),
    ...(reasoning_tokens !== undefined && { reasoning_tokens }),
  };
}

/** The sum of all turns. A part that was not counted is 0. */
export function sumTokens(turns: readonly TokenCounts[]): Required<TokenCounts> {
  const sum = {
    input_tokens: 0,
    output_tokens: 0,
    cached_input_tokens: 0,
    cache_write_tokens: 0,
    reasoning_tokens: 0,
  };
  for (const turn of turns) {
    for (const part of Object.keys(sum) as (keyof typeof sum)[]) sum[part] += turn[part] ?? 0;
  }
  return sum;
}
