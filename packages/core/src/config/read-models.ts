import {
  createPrices,
  createProviders,
  PriceFile,
  type PriceOf,
  type ProviderEntry,
  type Providers,
} from '@agenthook/contracts';
import { readJsonFile } from './read-json-file.js';

/** The kinds whose providers have the list prices of their models. */
const LISTED: readonly string[] = ['sandbox', 'openai', 'anthropic', 'google'];

/** What an installation knows of its models. */
export interface Models {
  providers: Providers;
  priceOf: PriceOf;
}

/**
 * The operator's providers beside the built-in ones, and the prices of PRICES_FILE before those of the list.
 * Throws EnvironmentError for a bad file.
 */
export function readModels(
  { PRICES_FILE }: { PRICES_FILE?: string },
  own: readonly ProviderEntry[] = [],
): Models {
  const providers = createProviders(own);
  const prices = PRICES_FILE ? readJsonFile('PRICES_FILE', PRICES_FILE, PriceFile) : {};
  const priceOf = createPrices(prices, (provider) => {
    const kind = providers.kindOf(provider);
    return kind !== undefined && LISTED.includes(kind) ? kind : undefined;
  });
  return { providers, priceOf };
}
