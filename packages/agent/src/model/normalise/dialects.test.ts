import { expect, test } from '@jest/globals';
import { attemptInput, resultOf, runAgentWith } from '../../testing/attempt-input.js';
import { DIALECTS, OUTPUT, startDialectServer } from '../../testing/dialect-server.js';
import type { ToolKind } from '../../tools/tool.js';

const weather = (called: unknown[]): ToolKind<'memory'> => ({
  type: 'memory',
  open: async () => ({
    tools: [
      {
        name: 'weather',
        description: 'Says the weather.',
        parameters: { type: 'object', properties: { city: { type: 'string' } } },
        repeat_safe: false,
        execute: async (args) => {
          called.push(args);
          return '21 degrees';
        },
      },
    ],
  }),
});

const output_schema = {
  type: 'object',
  properties: { city: { type: 'string' }, degrees: { type: 'integer' } },
  required: ['city', 'degrees'],
};

test.each<[keyof typeof DIALECTS, string]>([
  ['openai', 'openai:gpt-5-mini'],
  ['anthropic', 'anthropic:claude-sonnet-4-5'],
  ['gemini', 'google:gemini-2.5-flash'],
  ['ollama', 'ollama:llama3.2'],
  ['llama.cpp', 'compatible:qwen3'],
  ['LM Studio', 'compatible:qwen3'],
  ['vLLM', 'compatible:qwen3'],
])('%s calls the tool, and its answer has the form of the output schema', async (name, model) => {
  const server = await startDialectServer(DIALECTS[name]);
  const settings = {
    openai_api_key: 'k',
    anthropic_api_key: 'k',
    google_api_key: 'k',
    openai_base_url: `${server.url}/v1`,
    anthropic_base_url: server.url,
    google_base_url: server.url,
    ollama_base_url: server.url,
  };
  const called: unknown[] = [];
  const input = attemptInput({ model, config: { output_schema, tools: [{ type: 'memory', name: 't' }] } });
  const result = resultOf(await runAgentWith(settings, { memory: weather(called) })(input));
  await server.close();
  expect(result.output).toEqual(OUTPUT);
  expect(called).toEqual([{ city: 'Oslo' }]);
  expect(result.tool_calls).toHaveLength(1);
});

test.each<[keyof typeof DIALECTS, string]>([
  ['openai', 'openai:gpt-5-mini'],
  ['gemini', 'google:gemini-2.5-flash'],
  ['ollama', 'ollama:llama3.2'],
  ['llama.cpp', 'compatible:qwen3'],
  ['LM Studio', 'compatible:qwen3'],
  ['vLLM', 'compatible:qwen3'],
])('%s without tools gets the schema with its first request', async (name, model) => {
  const server = await startDialectServer(DIALECTS[name]);
  const settings = {
    openai_api_key: 'k',
    google_api_key: 'k',
    openai_base_url: `${server.url}/v1`,
    google_base_url: server.url,
    ollama_base_url: server.url,
  };
  const result = resultOf(await runAgentWith(settings)(attemptInput({ model, config: { output_schema } })));
  await server.close();
  expect(result.output).toEqual({ city: 'Nowhere', degrees: 0 });
  expect(server.requests).toHaveLength(1);
  expect(DIALECTS[name].asked(JSON.parse(server.requests[0]?.body ?? ''))).toMatchObject({ format: true });
});
