import { createPrices, createProviders, type ProviderEntry } from '@agenthook/contracts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { attemptInput, failureOf, resultOf, runAgentWith, type Wanted } from '../testing/attempt-input.js';
import { type ChatServer, says, startChatServer } from '../testing/chat-server.js';
import { configuredProviders, secretsOf } from './endpoint.js';

let server: ChatServer;
beforeEach(async () => {
  server = await startChatServer();
});
afterEach(() => server.close());

/** One attempt of a model of the provider `own`. */
const run = (entry: Partial<ProviderEntry>, model: string, wanted: Wanted = {}) => {
  const providers = [{ name: 'own', kind: 'compatible' as const, ...entry }];
  const kinds = createProviders(providers);
  const settings = { providers, priceOf: createPrices({}, (provider) => kinds.kindOf(provider)) };
  return runAgentWith(settings)(attemptInput({ model: `own:${model}`, ...wanted }));
};

const response = {
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  status: 'completed',
  model: 'm',
  output: [
    {
      type: 'message',
      id: 'msg_1',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'Hi', annotations: [] }],
    },
  ],
  usage: { input_tokens: 1, output_tokens: 1 },
};
const message = {
  type: 'message',
  role: 'assistant',
  id: 'm',
  model: 'claude',
  content: [{ type: 'text', text: 'Hi' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};
const candidates = [{ content: { role: 'model', parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }];
const google = {
  candidates,
  usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
};
const converse = {
  output: { message: { role: 'assistant', content: [{ text: 'Hi' }] } },
  stopReason: 'end_turn',
  usage: {
    inputTokens: 10,
    outputTokens: 1,
    totalTokens: 11,
    cacheReadInputTokens: 4,
    cacheWriteInputTokens: 2,
  },
};
const chat = says('Hi').body;

describe('a named provider of each kind', () => {
  test.each<
    [ProviderEntry['kind'], string, Partial<ProviderEntry>, string, unknown, string, Record<string, string>]
  >([
    [
      'openai',
      'gpt-5-mini',
      { api_key: 'k' },
      '/v1',
      response,
      '/v1/responses',
      { authorization: 'Bearer k' },
    ],
    ['openai', 'gpt-4.1', { api_key: 'k', api: 'chat' }, '/v1', chat, '/v1/chat/completions', {}],
    ['anthropic', 'claude-sonnet-4-5', { api_key: 'k' }, '', message, '/v1/messages', { 'x-api-key': 'k' }],
    [
      'google',
      'gemini-2.5-flash',
      { api_key: 'k' },
      '',
      google,
      '/v1beta/models/gemini-2.5-flash:generateContent',
      { 'x-goog-api-key': 'k' },
    ],
    [
      'compatible',
      'my/model',
      { api_key: 'k' },
      '/v1',
      chat,
      '/v1/chat/completions',
      { authorization: 'Bearer k' },
    ],
    ['openrouter', 'qwen/qwen3', { api_key: 'k' }, '/api/v1', chat, '/api/v1/chat/completions', {}],
    [
      'ollama',
      'llama3.2:3b',
      { api_key: 'k' },
      '',
      chat,
      '/v1/chat/completions',
      { authorization: 'Bearer k' },
    ],
    [
      'azure',
      'my-deployment',
      { api_key: 'k' },
      '/openai/v1',
      response,
      '/openai/v1/responses',
      { 'api-key': 'k' },
    ],
    [
      'bedrock',
      'anthropic.claude-sonnet-4-5-20250929-v1:0',
      { api_key: 'k', region: 'eu-central-1' },
      '',
      converse,
      '/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse',
      { authorization: 'Bearer k' },
    ],
    [
      'vertex',
      'gemini-2.5-flash',
      { api_key: 'k' },
      '/publishers/google',
      google,
      '/publishers/google/models/gemini-2.5-flash:generateContent',
      { 'x-goog-api-key': 'k' },
    ],
  ])('%s: %s', async (kind, model, entry, base, body, path, headers) => {
    // These have another URL for streams, which proxies often lack.
    const isRefused = kind === 'google' || kind === 'vertex' || kind === 'bedrock';
    if (isRefused) server.respond({ status: 404, text: '404 page not found' });
    server.respond({ body });
    const custom = { 'x-team': 'triage' };
    const given = { kind, base_url: `${server.url}${base}`, headers: custom, ...entry };
    const result = resultOf(await run(given, model, { limits: { max_output_tokens: 50 } }));
    expect(result).toMatchObject({ answer: 'Hi', model: `own:${model}` });
    const request = server.requests[isRefused ? 1 : 0];
    expect(request?.path.split('?')[0]).toBe(path);
    expect(request?.headers).toMatchObject({ ...headers, ...custom });
  });

  test('bedrock signs with keys that may not stream, marks where to cache, and counts what was cached', async () => {
    const message = 'is not authorized to perform: bedrock:InvokeModelWithResponseStream';
    server.respond({ status: 403, text: JSON.stringify({ message }) }, { body: converse });
    const keys = { access_key_id: 'AKIDEXAMPLE', secret_access_key: 'a-secret-key-of-aws' };
    const entry = { kind: 'bedrock' as const, base_url: server.url, region: 'eu-central-1', ...keys };
    const { usage } = resultOf(await run(entry, 'anthropic.claude-sonnet-4-5-20250929-v1:0'));
    expect(server.requests[0]?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\//);
    expect(usage).toMatchObject({ cached_input_tokens: 4, cache_write_tokens: 2 });
    expect(server.bodies()[1].system).toEqual([
      { text: expect.any(String) },
      { cachePoint: { type: 'default' } },
      { text: expect.any(String) },
    ]);
  });
});

test('a refusal of streams is remembered for the next task', async () => {
  const message = 'is not authorized to perform: bedrock:InvokeModelWithResponseStream';
  const refused = { status: 403, text: JSON.stringify({ message }) };
  server.respond(refused, { body: converse }, { body: converse });
  const providers = [{ name: 'aws', kind: 'bedrock' as const, base_url: server.url, api_key: 'k' }];
  const runAgent = runAgentWith({ providers });
  const input = attemptInput({ model: 'aws:amazon.nova-lite-v1:0' });
  resultOf(await runAgent(input));
  resultOf(await runAgent(input));
  expect(server.requests.map(({ path }) => path.split('/').at(-1))).toEqual([
    'converse-stream',
    'converse',
    'converse',
  ]);
});

describe('OpenRouter', () => {
  test('says what a turn costs', async () => {
    const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7, cost: 0.0125 };
    server.respond({ body: { ...(chat as object), usage } });
    const entry = { kind: 'openrouter' as const, api_key: 'k', base_url: `${server.url}/api/v1` };
    expect(resultOf(await run(entry, 'qwen/qwen3')).usage.cost_usd).toBe(0.0125);
  });

  test('is asked to cache for Claude alone', async () => {
    const entry = { kind: 'openrouter' as const, api_key: 'k', base_url: `${server.url}/api/v1` };
    await run(entry, 'anthropic/claude-sonnet-4.5');
    await run(entry, 'qwen/qwen3');
    expect(server.bodies().map(({ cache_control }) => cache_control)).toEqual([
      { type: 'ephemeral' },
      undefined,
    ]);
  });

  test('another server that says a cost is not believed', async () => {
    const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7, cost: 3 };
    server.respond({ body: { ...(chat as object), usage } });
    expect(resultOf(await run({ base_url: `${server.url}/v1` }, 'm')).usage.cost_usd).toBeNull();
  });
});

test('list prices are those of the kind', async () => {
  server.respond({ body: { ...response, usage: { input_tokens: 1_000_000, output_tokens: 0 } } });
  const entry = { kind: 'openai' as const, api_key: 'k', base_url: `${server.url}/v1` };
  expect(resultOf(await run(entry, 'gpt-5-mini')).usage.cost_usd).toBeCloseTo(0.25, 10);
});

test('an entry replaces the variables of its name, and its secrets are known', () => {
  const settings = {
    openai_api_key: 'key-of-the-variable',
    providers: [
      {
        name: 'openai',
        kind: 'compatible' as const,
        base_url: 'http://127.0.0.1:1/v1',
        api_key: 'key-of-the-entry',
      },
      {
        name: 'eu',
        kind: 'openai' as const,
        headers: { Authorization: 'Bearer key-of-the-header', 'X-Title': 'acme' },
      },
    ],
  };
  expect(configuredProviders(settings)).toEqual(['sandbox', 'openai', 'eu']);
  expect(secretsOf(settings)).toEqual(['key-of-the-entry', 'Bearer key-of-the-header', 'key-of-the-header']);
});

test('a provider without an entry is named', async () => {
  const { failure } = failureOf(await runAgentWith({})(attemptInput({ model: 'eu:gpt-5' })));
  expect(failure.error).toEqual({
    code: 'model_auth',
    message: 'The provider "eu" is not configured: set PROVIDERS_FILE for the worker.',
  });
});

test('options are found by the name of the provider and by its kind', async () => {
  const provider_options = { compatible: { top_k: 1, min_p: 0.1 }, own: { top_k: 2 }, other: { seed: 1 } };
  await run({ base_url: `${server.url}/v1` }, 'm', { config: { model_options: { provider_options } } });
  expect(server.bodies()[0]).toMatchObject({ top_k: 2, min_p: 0.1 });
  expect(server.bodies()[0]).not.toHaveProperty('seed');
});

describe('limits', () => {
  test('of concurrency hold back the calls of all models', async () => {
    let now = 0;
    let most = 0;
    const slow = await import('../testing/recording-server.js').then(({ startRecordingServer }) =>
      startRecordingServer(async () => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 20));
        now--;
        return chat;
      }),
    );
    const providers = [
      {
        name: 'own',
        kind: 'compatible' as const,
        base_url: `${slow.url}/v1`,
        limits: { max_concurrency: 2 },
      },
    ];
    const runAgent = runAgentWith({ providers });
    const models = ['own:a', 'own:b', 'own:c', 'own:a', 'own:b', 'own:c'];
    const outcomes = await Promise.all(models.map((model) => runAgent(attemptInput({ model }))));
    await slow.close();
    expect(outcomes.map((outcome) => resultOf(outcome).answer)).toEqual(models.map(() => 'Hi'));
    expect(most).toBe(2);
  });

  test('of requests park a task that would wait long', async () => {
    const limits = { requests_per_minute: 6 };
    const runAgent = runAgentWith({
      providers: [{ name: 'own', kind: 'compatible', base_url: `${server.url}/v1`, limits }],
    });
    resultOf(await runAgent(attemptInput({ model: 'own:m' })));
    const second = failureOf(await runAgent(attemptInput({ model: 'own:m' })));
    expect(second).toMatchObject({
      failure: {
        error: {
          code: 'model_rate_limited',
          message: 'The provider "own" is limited to 6 requests per minute in PROVIDERS_FILE.',
        },
      },
      retryable: true,
    });
    expect(second.retry_after_ms).toBeGreaterThan(5_000);
    expect(second.retry_after_ms).toBeLessThanOrEqual(10_000);
    expect(server.requests).toHaveLength(1);
  });
});
