import type { ProviderName } from '@agenthook/contracts';
import type { CacheHabit } from './cache-marks.js';
import { type IdRule, idRuleOf } from './id-rules.js';
import type { FormatHabit } from './response-format.js';

/** What one model's server does in its own way. */
export interface Habits {
  /** Whether the server returns the model's own thoughts, not a summary of them. */
  thinksInPublic: boolean;
  /** Which ids of calls it accepts in the history. */
  ids: IdRule;
  /** How it takes the form of an answer. */
  format: FormatHabit;
  /** How it is told where to cache. */
  cache: CacheHabit;
}

/** What is known of a model by its provider and its name. */
export function habitsOf(provider: ProviderName, model: string): Habits {
  const isOpen = provider === 'compatible' || provider === 'ollama';
  return {
    thinksInPublic: isOpen,
    ids: idRuleOf(provider, model),
    format: FORMATS[provider],
    cache: provider === 'anthropic' ? 'anthropic' : undefined,
  };
}

const FORMATS: Record<ProviderName, FormatHabit> = {
  sandbox: 'beside_tools',
  openai: 'beside_tools',
  anthropic: 'without_tools',
  google: 'instead_of_tools',
  ollama: 'instead_of_tools',
  compatible: 'instead_of_tools',
};
