import { type ModelServer, startAnthropicServer, startOpenAiServer } from '@agenthook/testing';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModelV3 } from '@ai-sdk/provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { jsonSchema, streamText, type ToolSet } from 'ai';
import { finished } from './outcome.js';
import { createSandboxModel } from './sandbox/sandbox-model.js';
import { resultOf } from './testing/attempt-input.js';
import { runToolLoop, type Transcript } from './tool-loop.js';

let openai: ModelServer;
let anthropic: ModelServer;

beforeAll(async () => {
  [openai, anthropic] = await Promise.all([startOpenAiServer(), startAnthropicServer()]);
});
afterAll(() => Promise.all([openai.close(), anthropic.close()]));

const MODELS: [string, () => [LanguageModelV3, ModelServer]][] = [
  ['responses', () => [createOpenAI({ apiKey: 'k', baseURL: openai.url })('m'), openai]],
  [
    'chat completions',
    () => [createOpenAICompatible({ name: 'c', baseURL: openai.url, includeUsage: true })('m'), openai],
  ],
  [
    'messages',
    () => [createAnthropic({ apiKey: 'k', baseURL: anthropic.url })('claude-sonnet-4-5'), anthropic],
  ],
];

const inputSchema = jsonSchema<{ city: string }>({
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
});
const tools: ToolSet = {
  weather: { inputSchema, execute: async ({ city }: { city: string }) => ({ city, degrees: 21 }) },
  broken: {
    inputSchema,
    execute: async () => {
      throw new Error('no answer from the station');
    },
  },
};
const reported = { model: 'p:m', cost_usd: null, redact: (text: string) => text };

async function loop(model: LanguageModelV3) {
  const transcript: Transcript = { steps: [], durations: new Map() };
  const { signal } = new AbortController();
  const rest = {
    system: 'Be brief.',
    user: 'How warm is it?',
    max_output_tokens: null,
    user_agent: undefined,
  };
  await runToolLoop({ model, tools, signal, ...rest }, transcript);
  return resultOf(finished(transcript, reported));
}

describe.each(MODELS)('%s', (_name, make) => {
  test('tools run, their results reach the model, and the result tells of them', async () => {
    const [model, server] = make();
    const city = { city: 'Bonn' };
    server.respond(
      {
        tool_calls: [
          { name: 'weather', arguments: city },
          { name: 'broken', arguments: city },
        ],
      },
      { text: '21 degrees.', usage: { input_tokens: 30, output_tokens: 2 } },
    );
    const result = await loop(model);
    expect(result).toMatchObject({ answer: '21 degrees.', steps: 2 });
    expect(result.tool_calls).toEqual([
      {
        name: 'weather',
        arguments: city,
        result: { city: 'Bonn', degrees: 21 },
        error: null,
        duration_ms: expect.any(Number),
      },
      {
        name: 'broken',
        arguments: city,
        result: null,
        error: 'no answer from the station',
        duration_ms: expect.any(Number),
      },
    ]);
    const body = JSON.stringify(server.requests.at(-1)?.body);
    expect(body).toContain('degrees');
    expect(body).toContain('no answer from the station');
  });

  test('the test server streams the same answer that it gives plainly', async () => {
    const [model, server] = make();
    server.respond({
      text: 'Warm enough.',
      reasoning: 'It is May.',
      tool_calls: [{ id: 'call_9', name: 'weather', arguments: { city: 'Bonn' } }],
      usage: { input_tokens: 8, output_tokens: 5 },
    });
    const stream = streamText({
      model,
      prompt: 'How warm is it?',
      tools,
      maxRetries: 0,
    });
    expect(await stream.text).toBe('Warm enough.');
    expect(await stream.reasoningText).toBe('It is May.');
    expect((await stream.toolCalls).map(({ toolCallId, input }) => [toolCallId, input])).toEqual([
      ['call_9', { city: 'Bonn' }],
    ]);
    expect(await stream.usage).toMatchObject({ inputTokens: 8, outputTokens: 5 });
  });
});

test("the sandbox's tool steps run the tools that there are", async () => {
  const sandbox = { steps: [{ tool: { name: 'weather', arguments: { city: 'Bonn' } } }], reply: 'Done.' };
  const result = await loop(createSandboxModel({ payload: { sandbox }, attempt: 1, agent_name: 'A' }));
  expect(result).toMatchObject({
    answer: 'Done.',
    tool_calls: [{ name: 'weather', result: { degrees: 21 }, error: null }],
  });
});
