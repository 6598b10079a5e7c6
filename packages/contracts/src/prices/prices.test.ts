import { describe, expect, test } from '@jest/globals';
import { Value } from '@sinclair/typebox/value';
import { costOf, createPrices, PRICES_AS_OF, Price, PriceFile } from './index.js';
import { PRICE_LIST } from './price-list.js';

const priceOf = createPrices();
const million = { input_tokens: 1_000_000, output_tokens: 1_000_000 };

test('every listed price is a price, and the list has a date', () => {
  for (const [model, price] of Object.entries(PRICE_LIST)) {
    expect({ model, errors: [...Value.Errors(Price, price)] }).toEqual({ model, errors: [] });
    expect(price.cached_input ?? 0).toBeLessThanOrEqual(price.input);
  }
  expect(Date.parse(PRICES_AS_OF)).not.toBeNaN();
});

test.each([
  ['openai:gpt-5-mini', 0.25],
  ['openai:gpt-5-mini-2025-08-07', 0.25],
  ['anthropic:claude-sonnet-4-5-20250929', 3],
  ['anthropic:claude-3-5-haiku-latest', 0.8],
  ['openai:gpt-5-mini-or-so', undefined],
  ['compatible:gpt-5-mini', undefined],
  ['openai:constructor', undefined],
  ['gpt-5-mini', undefined],
])('%s has the input price %p', (model, input) => {
  expect(priceOf(model)?.input).toBe(input);
});

test("an operator's own price comes first, and a named provider has the list prices of its kind", () => {
  const own: PriceFile = {
    'openai:gpt-5-mini': { input: 9, output: 9 },
    'ollama:*': { input: 0, output: 0 },
  };
  const kinds: Record<string, string> = { openai: 'openai', eu: 'openai' };
  const of = createPrices(own, (provider) => kinds[provider]);
  expect(of('openai:gpt-5-mini-2025-08-07')?.input).toBe(9);
  expect(of('ollama:llama3.2:3b')?.input).toBe(0);
  expect(of('eu:gpt-5-mini')?.input).toBe(0.25);
  expect(of('other:gpt-5-mini')).toBeUndefined();
});

describe('the cost of a turn', () => {
  const price: Price = { input: 2, output: 10, flex: 0.5 };

  test.each([
    ['without a cached rate', price, { ...million, cached_input_tokens: 500_000 }, undefined, 12],
    [
      'at a cached rate',
      { ...price, cached_input: 0.2 },
      { ...million, cached_input_tokens: 500_000 },
      undefined,
      11.1,
    ],
    [
      'with written tokens',
      { ...price, cache_write: 2.5 },
      { ...million, cache_write_tokens: 1_000_000 },
      undefined,
      12.5,
    ],
    ['of the flex tier', price, million, 'flex', 6],
    ['of the default tier', price, million, 'default', 12],
    ['of a tier without a price', price, million, 'priority', null],
    ['of a model without a price', undefined, million, undefined, null],
    [
      'of a long request',
      { ...price, long_context: { above_tokens: 200_000, input: 2, output: 1.5 } },
      million,
      undefined,
      19,
    ],
  ])('%s', (_name, of, counts, tier, cost) => {
    const real = costOf(of, counts, tier);
    if (cost === null) expect(real).toBeNull();
    else expect(real).toBeCloseTo(cost, 10);
  });
});

test.each([
  ['a name without a provider', { 'gpt-5': { input: 1, output: 1 } }],
  ['a negative price', { 'openai:gpt-5': { input: -1, output: 1 } }],
  ['a price without output', { 'openai:gpt-5': { input: 1 } }],
  ['an unknown field', { 'openai:gpt-5': { input: 1, output: 1, inputs: 1 } }],
  ['a list', []],
])('a price file with %s is refused', (_name, file) => {
  expect(Value.Check(PriceFile, file)).toBe(false);
});
