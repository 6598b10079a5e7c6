import type { ModelOptions, ProviderKind } from '@agenthook/contracts';
import type { JSONObject, SharedV4ProviderOptions } from '@ai-sdk/provider';

/** The options that every adapter takes as settings of its own, and those that it does not have at all. */
export interface DialectOptions {
  providerOptions: SharedV4ProviderOptions;
  /** Options without a counterpart in this API. */
  missing: (keyof ModelOptions)[];
}

/** The words of each API for its service tiers. */
const TIERS: Partial<Record<ProviderKind, Record<string, string>>> = {
  // https://ai.google.dev/gemini-api/docs/optimization
  google: { default: 'standard', flex: 'flex', priority: 'priority' },
  // https://platform.claude.com/docs/en/api/service-tiers
  anthropic: { auto: 'auto', default: 'standard_only' },
  vertex: {},
  bedrock: {},
};

/** `verbosity` and `service_tier` as the adapter of a kind takes them. */
export function dialectOptions(
  { verbosity, service_tier, reasoning_effort }: ModelOptions,
  kind: ProviderKind,
): DialectOptions {
  const missing: DialectOptions['missing'] = [];
  const tier = service_tier && tierIn(kind, service_tier);
  if (service_tier !== undefined && tier === undefined) missing.push('service_tier');
  switch (kind) {
    case 'openai':
    case 'azure':
      return {
        providerOptions: {
          openai: {
            ...(verbosity !== undefined && { textVerbosity: verbosity }),
            ...(tier !== undefined && { serviceTier: tier }),
            // A summary of the reasoning needs a verified organisation, so the adapter must not ask for one.
            ...(reasoning_effort !== undefined && {
              reasoningEffort: reasoning_effort,
              reasoningSummary: null,
            }),
          },
        },
        missing,
      };
    case 'compatible':
    case 'ollama':
    case 'openrouter':
      return {
        providerOptions: {
          openaiCompatible: { ...(verbosity !== undefined && { textVerbosity: verbosity }) },
          [kind]: { ...(tier !== undefined && { service_tier: tier }) },
        },
        missing,
      };
    default:
      if (verbosity !== undefined) missing.push('verbosity');
      return {
        providerOptions: { [kind]: { ...(tier !== undefined && { serviceTier: tier }) } },
        missing,
      };
  }
}

function tierIn(kind: ProviderKind, tier: string): string | undefined {
  const words = TIERS[kind];
  return words ? words[tier] : tier;
}

/** Both sets of options; where they meet, the second one's fields win. */
export function mergeOptions(
  first: SharedV4ProviderOptions = {},
  second: SharedV4ProviderOptions = {},
): SharedV4ProviderOptions {
  const names = new Set([...Object.keys(first), ...Object.keys(second)]);
  return Object.fromEntries(
    [...names].map((name): [string, JSONObject] => [name, { ...first[name], ...second[name] }]),
  );
}
