import { describe, expect, test } from '@jest/globals';
import { configuredProviders } from './index.js';
import { attemptInput, failureOf, runAgentWith } from './testing/attempt-input.js';

const all = {
  openai_api_key: 'k',
  openai_base_url: 'http://127.0.0.1:1/v1',
  anthropic_api_key: 'k',
  google_api_key: 'k',
  ollama_base_url: 'http://127.0.0.1:1',
};

describe('configuredProviders', () => {
  test('lists the providers that the settings can call', () => {
    expect(configuredProviders({})).toEqual(['sandbox']);
    expect(configuredProviders({ openai_api_key: ' ', google_api_key: '' })).toEqual(['sandbox']);
    expect(configuredProviders({ openai_api_key: 'k' })).toEqual(['sandbox', 'openai']);
    expect(configuredProviders(all)).toEqual([
      'sandbox',
      'openai',
      'anthropic',
      'google',
      'ollama',
      'compatible',
    ]);
  });

  test.each([
    ['openai:gpt-5-mini', 'OPENAI_API_KEY'],
    ['anthropic:claude', 'ANTHROPIC_API_KEY'],
    ['google:gemini', 'GOOGLE_GENERATIVE_AI_API_KEY'],
    ['ollama:llama', 'OLLAMA_BASE_URL'],
    ['compatible:x', 'OPENAI_BASE_URL'],
  ])('a run of %s without %s names it', async (model, variable) => {
    const { failure, retryable } = failureOf(await runAgentWith({})(attemptInput({ model })));
    expect(failure.error.code).toBe('model_auth');
    expect(failure.error.message).toContain(variable);
    expect(retryable).toBe(false);
  });

  test.each(['http://me:hunter2@127.0.0.1/v1', 'not a url', 'file:///etc/passwd'])(
    'refuses the base URL %s',
    async (openai_base_url) => {
      const { failure } = failureOf(
        await runAgentWith({ openai_base_url })(attemptInput({ model: 'compatible:x' })),
      );
      expect(failure.error.code).toBe('internal');
      expect(failure.error.message).not.toMatch(/hunter2|passwd/);
    },
  );
});
