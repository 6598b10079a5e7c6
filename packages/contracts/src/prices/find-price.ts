import type { Price, PriceFile } from './price.js';
import { PRICE_LIST } from './price-list.js';

/** The price of `provider:model`; undefined if unknown. */
export type PriceOf = (model: string) => Price | undefined;

/** The date that a model's name may end in, such as `-20251001` or `-2025-08-07`. */
const RELEASE = /(?:-\d{8}|-\d{4}-\d{2}-\d{2}|-latest)$/;

/**
 * Looks up prices by `provider:model`, with or without a release date: first in the operator's own, then in
 * the list. `provider:*` of the operator's own is the price of all other models of a provider.
 *
 * @param kindOf the kind of a named provider, whose list prices apply; undefined if none do
 */
export function createPrices(
  own: PriceFile = {},
  kindOf: (provider: string) => string | undefined = (provider) => provider,
): PriceOf {
  return (model) => {
    const colon = model.indexOf(':');
    const [provider, name] = [model.slice(0, colon), model.slice(colon + 1)];
    const listed = kindOf(provider);
    return (
      pick(own, model) ??
      pick(own, model.replace(RELEASE, '')) ??
      pick(own, `${provider}:*`) ??
      (listed === undefined ? undefined : inList(`${listed}:${name}`))
    );
  };
}

const inList = (model: string): Price | undefined =>
  pick(PRICE_LIST, model) ?? pick(PRICE_LIST, model.replace(RELEASE, ''));

const pick = (prices: Readonly<Record<string, Price>>, model: string): Price | undefined =>
  Object.hasOwn(prices, model) ? prices[model] : undefined;
