import { formatNumber } from '../../../components/format.js';

interface TokenParts {
  cached_input_tokens?: number | undefined;
  cache_write_tokens?: number | undefined;
  reasoning_tokens?: number | undefined;
}

/** The facts about cached and reasoning tokens. There are none about a part that is 0. */
export const tokenParts = (tokens: TokenParts): Record<string, string | null> => ({
  'From cache': shown(tokens.cached_input_tokens),
  'Into cache': shown(tokens.cache_write_tokens),
  Reasoning: shown(tokens.reasoning_tokens),
});

const shown = (count = 0): string | null => (count > 0 ? formatNumber(count) : null);
