import type { ProviderKind } from '@agenthook/contracts';
import type { CacheHabit } from './cache-marks.js';
import { type IdRule, idRuleOf } from './id-rules.js';
import type { FormatHabit } from './response-format.js';
import type { Dialect } from './text-calls/dialect.js';
import { dialectsOf } from './text-calls/index.js';

/** What one model's server does in its own way. */
export interface Habits {
  /** The model itself, as parts of a history name their maker. */
  author: string;
  /** Whether the server returns the model's own thoughts, not a summary of them. */
  thinksInPublic: boolean;
  /** Which ids of calls it accepts in the history. */
  ids: IdRule;
  /** How it may write calls as text, if its server does not read them. */
  writesCalls: readonly Dialect[];
  /** How it takes the form of an answer. */
  format: FormatHabit;
  /** How it is told where to cache. */
  cache: CacheHabit;
}

/** What is known of a model by its provider and its name. */
export function habitsOf(kind: ProviderKind, model: string): Habits {
  const isOpen = kind === 'compatible' || kind === 'ollama' || kind === 'openrouter';
  return {
    author: `${kind}:${model}`,
    thinksInPublic: isOpen,
    ids: idRuleOf(kind, model),
    writesCalls: isOpen ? dialectsOf(model) : [],
    format: isClaude(kind, model) ? FORMATS.anthropic : FORMATS[kind],
    cache: cacheOf(kind, model),
  };
}

/** Google's cloud offers Anthropic's models with their own API. */
const isClaude = (kind: ProviderKind, model: string): boolean =>
  kind === 'anthropic' || (kind === 'vertex' && /claude/i.test(model));

function cacheOf(kind: ProviderKind, model: string): CacheHabit {
  if (isClaude(kind, model)) return 'anthropic';
  return kind === 'bedrock' && /claude|nova/i.test(model) ? 'bedrock' : undefined;
}

const FORMATS: Record<ProviderKind, FormatHabit> = {
  openai: 'beside_tools',
  anthropic: 'without_tools',
  google: 'instead_of_tools',
  ollama: 'instead_of_tools',
  compatible: 'instead_of_tools',
  openrouter: 'instead_of_tools',
  azure: 'beside_tools',
  bedrock: 'without_tools',
  vertex: 'instead_of_tools',
};
