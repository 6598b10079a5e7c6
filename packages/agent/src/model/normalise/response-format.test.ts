import { type ModelServer, startAnthropicServer, startOpenAiServer } from '@agenthook/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { attemptInput, failureOf, resultOf, runAgentWith } from '../../testing/attempt-input.js';
import { type ChatServer, calls, says, startChatServer } from '../../testing/chat-server.js';
import { type RecordingServer, startRecordingServer } from '../../testing/recording-server.js';
import type { ToolKind } from '../../tools/tool.js';

let server: ChatServer;
let openai: ModelServer;
let anthropic: ModelServer;

beforeEach(async () => {
  [server, openai, anthropic] = await Promise.all([
    startChatServer(),
    startOpenAiServer(),
    startAnthropicServer(),
  ]);
});
afterEach(() => Promise.all([server.close(), openai.close(), anthropic.close()]));

const named = (name: string): ToolKind<'memory'> => ({
  type: 'memory',
  open: async () => ({
    tools: [
      {
        name,
        description: 'Looks.',
        parameters: { type: 'object', properties: {} },
        repeat_safe: true,
        execute: async () => 'seen',
      },
    ],
  }),
});
const OBJECT = { type: 'object', required: ['a'], properties: { a: { type: 'number' } } };

const run = (
  model: string,
  { tool, output_schema = OBJECT, google }: { tool?: string; output_schema?: object; google?: string } = {},
) =>
  runAgentWith(
    {
      openai_base_url: model.startsWith('openai') ? openai.url : `${server.url}/v1`,
      openai_api_key: 'k',
      anthropic_base_url: anthropic.url,
      anthropic_api_key: 'k',
      google_base_url: google,
      google_api_key: 'k',
      ollama_base_url: server.url,
    },
    { memory: named(tool ?? 'look') },
  )(
    attemptInput({
      model,
      config: {
        tools: tool ? [{ type: 'memory', name: 't' }] : [],
        output_schema: output_schema as Record<string, unknown>,
      },
    }),
  );
const look = calls([{ id: 'c', function: { name: 'look', arguments: '{}' } }]);

describe.each(['compatible:m', 'ollama:m'])('%s', (model) => {
  test('without tools gets the schema, not json_object', async () => {
    server.respond(says('{"a":1}'));
    expect(resultOf(await run(model)).output).toEqual({ a: 1 });
    expect(server.bodies()[0].response_format).toMatchObject({
      type: 'json_schema',
      json_schema: { schema: OBJECT, strict: false },
    });
  });

  test('calls tools first, and gets no format while it may', async () => {
    server.respond(look, says('Here it is: {"a":1}'));
    const result = resultOf(await run(model, { tool: 'look' }));
    expect(result).toMatchObject({ output: { a: 1 }, tool_calls: [{ name: 'look' }], steps: 2 });
    for (const body of server.bodies()) {
      expect(body.response_format).toBeUndefined();
      expect(body.tools).toHaveLength(1);
    }
  });

  test('that answers in prose gets the format, without tools, for the last turn', async () => {
    server.respond(look, says('It is one.'), says('{"a":1}'));
    expect(resultOf(await run(model, { tool: 'look' })).output).toEqual({ a: 1 });
    const last = server.bodies().at(-1);
    expect(last.response_format.type).toBe('json_schema');
    expect(last.tools).toBeUndefined();
  });
});

test.each([
  ['<think>so</think>{"a":1}'],
  ['Here it is: {"a":1} Bye'],
  ['```json {"a":1}```'],
  ['```\n{"a":1}\n```\nThat is all.'],
])('%j needs no repair', async (text) => {
  server.respond(says(text));
  expect(resultOf(await run('compatible:m'))).toMatchObject({ output: { a: 1 }, steps: 1 });
});

test('what does not match is repaired once', async () => {
  server.respond(says('{"b":1}'), says('{"b":2}'));
  expect(failureOf(await run('compatible:m')).failure.error.code).toBe('invalid_output');
  expect(server.requests).toHaveLength(2);
});

test('a server that does not know the format is asked without it', async () => {
  const refusal = { error: { message: 'This response_format type is unavailable now' } };
  server.respond({ status: 400, text: JSON.stringify(refusal) }, says('{"b":1}'), says('{"a":1}'));
  expect(resultOf(await run('compatible:m')).output).toEqual({ a: 1 });
  expect(server.bodies().map(({ response_format }) => response_format?.type)).toEqual([
    'json_schema',
    undefined,
    undefined,
  ]);
});

describe('openai', () => {
  test('gets tools and the format together', async () => {
    openai.respond({ tool_calls: [{ name: 'look', arguments: {} }] }, { text: '{"a":1}' });
    expect(resultOf(await run('openai:m', { tool: 'look' })).output).toEqual({ a: 1 });
    expect(openai.requests[0]?.body).toMatchObject({ text: { format: { type: 'json_schema' } } });
    expect(openai.requests[0]?.body.tools).toHaveLength(1);
  });

  test('gets a list wrapped in an object, and the output is the list', async () => {
    openai.respond({ text: '{"value":["x"]}' });
    const output_schema = {
      type: 'array',
      items: { $ref: '#/$defs/word' },
      $defs: { word: { type: 'string' } },
    };
    expect(resultOf(await run('openai:m', { output_schema }))).toMatchObject({
      output: ['x'],
      answer: '["x"]',
    });
    const { schema } = openai.requests[0]?.body.text.format ?? {};
    expect(schema).toMatchObject({
      type: 'object',
      required: ['value'],
      $defs: { word: { type: 'string' } },
    });
  });
});

test.each(['claude-3-haiku-20240307', 'claude-sonnet-4-5'])(
  'anthropic:%s has a tool named json beside an output schema',
  async (name) => {
    anthropic.respond({ tool_calls: [{ name: 'json', arguments: {} }] }, { text: '{"a":1}' });
    const result = resultOf(await run(`anthropic:${name}`, { tool: 'json' }));
    expect(result).toMatchObject({ output: { a: 1 }, tool_calls: [{ name: 'json', result: 'seen' }] });
    expect(anthropic.requests[0]?.body.tools).toHaveLength(1);
    expect(anthropic.requests[0]?.body.tool_choice?.type ?? 'auto').toBe('auto');
  },
);

test('google never gets tools and a schema together', async () => {
  const text = (said: string) => ({
    content: { role: 'model', parts: [{ text: said }] },
    finishReason: 'STOP',
  });
  const answers = ['It is one.', '{"a":1}'];
  const google: RecordingServer = await startRecordingServer(() => ({
    candidates: [text(answers.shift() ?? '')],
    usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 2, totalTokenCount: 6 },
  }));
  const outcome = await run('google:gemini-2.5-flash', { tool: 'look', google: `${google.url}/v1beta` });
  await google.close();
  expect(resultOf(outcome).output).toEqual({ a: 1 });
  const bodies = google.requests.map(({ body }) => JSON.parse(body));
  expect(
    bodies.map((body) => [Boolean(body.tools), Boolean(body.generationConfig?.responseJsonSchema)]),
  ).toEqual([
    [true, false],
    [false, true],
  ]);
});
