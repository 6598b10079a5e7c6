import type { LogEntry } from '@agenthook/contracts';
import { type ModelServer, startAnthropicServer } from '@agenthook/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { attemptInput, failureOf, resultOf, runAgentWith, type Wanted } from './testing/attempt-input.js';
import { type ChatServer, calls, cc, says, startChatServer } from './testing/chat-server.js';
import type { ToolKind } from './tools/tool.js';

let primary: ChatServer;
let fallback: ModelServer;

beforeEach(async () => {
  [primary, fallback] = await Promise.all([startChatServer(), startAnthropicServer()]);
});
afterEach(() => Promise.all([primary.close(), fallback.close()]));

const weather: ToolKind<'memory'> = {
  type: 'memory',
  open: async () => ({
    tools: [
      {
        name: 'weather',
        description: 'Says the weather.',
        parameters: { type: 'object' },
        repeat_safe: true,
        execute: async () => 'sunny',
      },
    ],
  }),
};

const run = (wanted: Wanted = {}) =>
  runAgentWith(
    {
      openai_base_url: `${primary.url}/v1`,
      anthropic_base_url: fallback.url,
      anthropic_api_key: 'k',
    },
    { memory: weather },
  )(
    attemptInput({
      model: 'compatible:m',
      ...wanted,
      config: {
        fallback_models: ['anthropic:claude'],
        tools: [{ type: 'memory', name: 'w' }],
        ...wanted.config,
      },
    }),
  );

const weatherCall = [{ id: 'functions.weather:0', function: { name: 'weather', arguments: '{}' } }];
const DOWN = { status: 503, text: '{"error":{"message":"down"}}' };

test('a model that hangs is left after model_timeout_seconds, and the run says so', async () => {
  primary.respond({ hang: true });
  fallback.respond({ text: 'Here.' });
  const log: LogEntry[] = [];
  const result = resultOf(await run({ log, limits: { model_timeout_seconds: 1 } }));
  expect(result).toMatchObject({ answer: 'Here.', model: 'anthropic:claude' });
  expect(log.find(({ type }) => type === 'note')).toMatchObject({
    text: expect.stringMatching(/compatible:m failed, so anthropic:claude was asked.*within 1 s/),
  });
});

test('a model that hangs without a fallback is unavailable, and is tried again', async () => {
  primary.respond({ hang: true });
  const failed = failureOf(
    await run({ limits: { model_timeout_seconds: 1 }, config: { fallback_models: [] } }),
  );
  expect(failed).toMatchObject({
    failure: { error: { code: 'model_unavailable', message: 'The model did not answer within 1 s.' } },
    retryable: true,
  });
});

test('the primary is asked again when the fallback has died', async () => {
  primary.respond(DOWN, says('Back.'));
  fallback.respond({ tool_calls: [{ name: 'weather', arguments: {} }] }, { status: 529 });
  const result = resultOf(await run());
  expect(result).toMatchObject({ answer: 'Back.', model: 'compatible:m', steps: 2 });
});

test('a model that has failed is not asked twice for one turn', async () => {
  primary.respond(DOWN);
  fallback.respond({ status: 529 });
  expect(failureOf(await run()).retryable).toBe(true);
  expect(primary.requests).toHaveLength(1);
  expect(fallback.requests).toHaveLength(1);
});

test("the fallback gets the primary's calls with ids that it takes", async () => {
  primary.respond(calls(weatherCall), DOWN);
  fallback.respond({ text: 'Sunny.' });
  expect(resultOf(await run()).answer).toBe('Sunny.');
  const text = JSON.stringify(fallback.requests[0]?.body.messages);
  const [, id] = /"tool_use","id":"([^"]+)"/.exec(text) ?? [];
  expect(id).toMatch(/^[a-zA-Z0-9_-]+$/);
  expect(text).toContain(`"tool_use_id":"${id}"`);
});

test('the fallback gets no thoughts of the primary, which gets its own back', async () => {
  const call = { id: 'call_1', function: { name: 'weather', arguments: '{}' } };
  const thinks = cc({
    message: { role: 'assistant', content: null, reasoning_content: 'Secret thought.', tool_calls: [call] },
    finish_reason: 'tool_calls',
  });
  primary.respond(thinks, thinks, DOWN, says('Done.'));
  const result = resultOf(await run({ config: { fallback_models: ['compatible:n'] } }));
  expect(result).toMatchObject({ answer: 'Done.', model: 'compatible:n' });
  const sent = primary
    .bodies()
    .map(({ model, messages }) => [model, JSON.stringify(messages).includes('Secret')]);
  expect(sent).toEqual([
    ['m', false],
    ['m', true],
    ['m', true],
    ['n', false],
  ]);
});
