import { costOf, createPrices, sumTokens } from '@agenthook/contracts';
import { type ModelServer, startAnthropicServer, startOpenAiServer } from '@agenthook/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ProviderSettings } from './index.js';
import { attemptInput, failureOf, resultOf, runAgentWith } from './testing/attempt-input.js';

let openai: ModelServer;
let anthropic: ModelServer;
let all: ProviderSettings;

beforeAll(async () => {
  [openai, anthropic] = await Promise.all([startOpenAiServer(), startAnthropicServer()]);
  all = {
    openai_api_key: 'key-for-openai',
    openai_base_url: openai.url,
    anthropic_api_key: 'key-for-anthropic',
    anthropic_base_url: anthropic.url,
    ollama_base_url: new URL(openai.url).origin,
    user_agent: 'AgentHook/0.1',
  };
});
afterAll(() => Promise.all([openai.close(), anthropic.close()]));

const cost = (model: string, input_tokens: number, output_tokens: number) =>
  costOf(createPrices()(model), { input_tokens, output_tokens });
const servers = () => ({ openai, anthropic });
const CASES = [
  ['openai:gpt-5-mini', 'openai', '/v1/responses', 'authorization', 'Bearer key-for-openai'],
  ['anthropic:claude-sonnet-4-5', 'anthropic', '/v1/messages', 'x-api-key', 'key-for-anthropic'],
  ['ollama:llama3.2:3b', 'openai', '/v1/chat/completions', 'authorization', undefined],
  ['compatible:my/model', 'openai', '/v1/chat/completions', 'authorization', 'Bearer key-for-openai'],
] as const;

describe.each(CASES)('%s', (model, on, path, header, value) => {
  test('answers over HTTP, with its token counts and its reasoning', async () => {
    const server = servers()[on];
    const before = server.requests.length;
    server.respond({
      text: 'All quiet.',
      reasoning: 'Nothing came in.',
      usage: { input_tokens: 11, output_tokens: 7 },
    });
    const outcome = await runAgentWith(all)(attemptInput({ model, limits: { max_output_tokens: 99 } }));

    expect(outcome).toEqual({
      outcome: 'succeeded',
      result: {
        answer: 'All quiet.',
        tool_calls: [],
        sources: [],
        thought: 'Nothing came in.',
        usage: {
          ...sumTokens([{ input_tokens: 11, output_tokens: 7 }]),
          total_tokens: 18,
          cost_usd: cost(model, 11, 7),
        },
        model,
        steps: 1,
      },
    });
    expect(server.requests).toHaveLength(before + 1);
    const request = server.requests.at(-1);
    expect(request?.path).toBe(path);
    expect(request?.body.model).toBe(model.slice(model.indexOf(':') + 1));
    expect(request?.headers[header]).toBe(value);
    expect(request?.headers['user-agent']).toMatch(/^AgentHook\/0\.1 /);
    expect(request?.body.max_output_tokens ?? request?.body.max_tokens).toBe(99);
    expect(request?.body.tools).toBeUndefined();
  });

  test('an answer that was cut off is still an answer; one that never began is not', async () => {
    servers()[on].respond({ text: 'It begins with', finish: 'length' }, { text: '', finish: 'length' });
    const run = runAgentWith(all);
    expect(resultOf(await run(attemptInput({ model }))).answer).toBe('It begins with');
    expect(failureOf(await run(attemptInput({ model }))).failure.error.code).toBe('budget_exhausted');
  });

  test('a refusal is a failure that keeps the text and the token count', async () => {
    servers()[on].respond({ refusal: 'I will not.', usage: { input_tokens: 3, output_tokens: 2 } });
    const { failure, retryable } = failureOf(await runAgentWith(all)(attemptInput({ model })));
    expect(failure).toMatchObject({
      error: { code: 'model_refused' },
      answer: 'I will not.',
      usage: { total_tokens: 5, cost_usd: cost(model, 3, 2) },
    });
    expect(retryable).toBe(false);
  });

  test('the model is told about a tool that does not exist, and continues', async () => {
    servers()[on].respond(
      { tool_calls: [{ name: 'open_door', arguments: { door: 7 } }] },
      { text: 'I cannot.' },
    );
    const result = resultOf(await runAgentWith(all)(attemptInput({ model })));
    expect(result).toMatchObject({ answer: 'I cannot.', steps: 2 });
    expect(result.tool_calls).toEqual([
      {
        name: 'open_door',
        arguments: { door: 7 },
        result: null,
        error: expect.stringContaining('open_door'),
        duration_ms: 0,
      },
    ]);
    expect(JSON.stringify(servers()[on].requests.at(-1)?.body)).toContain('unavailable tool');
  });
});

test('a turn that Anthropic pauses is continued', async () => {
  anthropic.respond({ text: 'Still looking.', finish: 'pause' }, { text: 'Found it.' });
  const result = resultOf(await runAgentWith(all)(attemptInput({ model: 'anthropic:claude-sonnet-4-5' })));
  expect(result).toMatchObject({ answer: 'Found it.', steps: 2 });
  expect(anthropic.requests.at(-1)?.body.messages.at(-1)).toMatchObject({ role: 'assistant' });
});

test.each([
  ['with the version', (url: string) => `${url}/v1`],
  ['with the path of its own API', (url: string) => `${url}/api/`],
  ['with a slash', (url: string) => `${url}/`],
])('ollama is found %s', async (_name, write) => {
  const run = runAgentWith({ ollama_base_url: write(new URL(openai.url).origin) });
  expect(resultOf(await run(attemptInput({ model: 'ollama:llama3.2' }))).answer).toMatch(
    /^You said: .*What is new\?/,
  );
});

test('anthropic is found without the version in its base URL', async () => {
  const run = runAgentWith({ ...all, anthropic_base_url: new URL(anthropic.url).origin });
  expect(resultOf(await run(attemptInput({ model: 'anthropic:claude' }))).answer).toMatch(/What is new\?/);
});

test('compatible needs no key', async () => {
  const run = runAgentWith({ openai_base_url: openai.url });
  await run(attemptInput({ model: 'compatible:local' }));
  expect(openai.requests.at(-1)?.headers.authorization).toBeUndefined();
});
