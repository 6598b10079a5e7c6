import { createProviders } from '@agenthook/contracts';
import { expect, test } from '@jest/globals';
import { checkModelOptions } from './check-model-options.js';

const check = (provider_options: Record<string, Record<string, unknown>>) => () =>
  checkModelOptions({ model_options: { provider_options } }, createProviders());

test('fields of known providers are accepted', () => {
  expect(check({ openai: { prompt_cache_key: 'a' }, compatible: { top_k: 1 } })).not.toThrow();
  expect(() => checkModelOptions({ model_options: null }, createProviders())).not.toThrow();
  expect(() => checkModelOptions({}, createProviders())).not.toThrow();
});

test.each([
  [{ opnai: {} }, '/model_options/provider_options/opnai', /is no provider; write one of sandbox, openai/],
  [{ openai: { input: [] } }, '/model_options/provider_options/openai/input', /what the run itself sends/],
  [{ google: { a: 'x'.repeat(20_000) } }, '/model_options/provider_options', /at most 16384/],
])('%j is refused at its place', (given, path, message) => {
  expect(check(given)).toThrow(
    expect.objectContaining({
      code: 'invalid_request',
      issues: [{ path, message: expect.stringMatching(message) }],
    }),
  );
});
