import { formatNumber, formatShare } from '../../../components/format.js';

interface Tokens {
  input_tokens: number;
  output_tokens: number;
  cached_input_tokens?: number | undefined;
  cache_write_tokens?: number | undefined;
  reasoning_tokens?: number | undefined;
}

/** The facts about cached and reasoning tokens, with their shares. There are none about a part that is 0. */
export const tokenParts = (tokens: Tokens): Record<string, string | null> => ({
  'From cache': shown(tokens.cached_input_tokens, tokens.input_tokens),
  'Into cache': shown(tokens.cache_write_tokens, tokens.input_tokens),
  Reasoning: shown(tokens.reasoning_tokens, tokens.output_tokens),
});

const shown = (count = 0, of: number): string | null =>
  count > 0 ? `${formatNumber(count)} (${formatShare(count, of)})` : null;
