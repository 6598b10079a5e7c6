import { afterEach, expect, test } from '@jest/globals';
import { attemptInput, failureOf, resultOf, runAgentWith, type Wanted } from '../../testing/attempt-input.js';
import { type RecordingServer, startRecordingServer } from '../../testing/recording-server.js';
import type { ToolKind } from '../../tools/tool.js';

let server: RecordingServer;
afterEach(() => server.close());

const look: ToolKind<'memory'> = {
  type: 'memory',
  open: async () => ({
    tools: [
      {
        name: 'look',
        description: 'Looks.',
        parameters: { type: 'object', properties: { id: { type: 'integer' } } },
        repeat_safe: true,
        execute: async ({ id }) => `seen ${String(id)}`,
      },
    ],
  }),
};

/** A server that has only the answers of the given paths. */
async function start(answers: Record<string, unknown[]>): Promise<void> {
  server = await startRecordingServer(({ path }, response) => {
    const answer = answers[path]?.shift();
    if (answer === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
      return undefined;
    }
    return answer;
  });
}

function run(wanted: Wanted = {}) {
  const entry = { name: 'gpu', kind: 'ollama' as const, base_url: server.url, api_key: 'k', num_ctx: 32_768 };
  return runAgentWith(
    { providers: [entry] },
    { memory: look },
  )(attemptInput({ model: 'gpu:qwen3', ...wanted }));
}

const says = (message: object) => ({
  model: 'qwen3',
  message: { role: 'assistant', content: '', ...message },
  done: true,
  done_reason: 'stop',
  prompt_eval_count: 20,
  eval_count: 3,
});

test('num_ctx goes to the native API, with tools, thoughts, an output schema and a key', async () => {
  await start({
    '/api/chat': [
      says({
        thinking: 'Hm.',
        tool_calls: [{ function: { name: 'look', arguments: { id: 7 } } }],
      }),
      says({ content: '{"a": 1}' }),
    ],
  });
  const result = resultOf(
    await run({
      config: {
        tools: [{ type: 'memory', name: 'm' }],
        output_schema: { type: 'object', properties: { a: { type: 'integer' } } },
        model_options: { temperature: 0.5, seed: 7, provider_options: { ollama: { keep_alive: '1h' } } },
      },
      limits: { max_output_tokens: 99 },
    }),
  );
  expect(result).toMatchObject({
    output: { a: 1 },
    thought: 'Hm.',
    usage: { input_tokens: 40, output_tokens: 6 },
  });
  const [first, second] = server.requests.map(({ body }) => JSON.parse(body));
  expect(first).toMatchObject({
    model: 'qwen3',
    stream: true,
    keep_alive: '1h',
    options: { num_ctx: 32_768, temperature: 0.5, seed: 7, num_predict: 99 },
    tools: [{ type: 'function', function: { name: 'look' } }],
  });
  expect(Object.keys(first)).not.toContain('max_tokens');
  expect(server.requests[0]?.headers.authorization).toBe('Bearer k');
  expect(second.messages.slice(2)).toEqual([
    {
      role: 'assistant',
      content: '',
      thinking: 'Hm.',
      tool_calls: [{ function: { name: 'look', arguments: { id: 7 } } }],
    },
    { role: 'tool', content: expect.stringContaining('seen'), tool_name: 'look' },
  ]);
});

test('a number in arguments keeps its digits', async () => {
  await start({ '/api/chat': [] });
  const text = JSON.stringify(says({ tool_calls: [{ function: { name: 'look', arguments: { id: 0 } } }] }));
  let calls = 0;
  await server.close();
  server = await startRecordingServer((_request, response) => {
    const body =
      calls++ === 0
        ? text.replace('"id":0', '"id":9007199254740993')
        : JSON.stringify(says({ content: 'Done.' }));
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    return undefined;
  });
  const result = resultOf(await run({ config: { tools: [{ type: 'memory', name: 'm' }] } }));
  expect(JSON.stringify(result.tool_calls[0]?.arguments)).toBe('{"id":9007199254740993}');
  expect(server.requests[1]?.body).toContain('"arguments":{"id":9007199254740993}');
});

test('a proxy without the native API gets the window with the completion', async () => {
  const message = { role: 'assistant', content: 'Hi' };
  await start({ '/v1/chat/completions': [{ choices: [{ index: 0, message, finish_reason: 'stop' }] }] });
  expect(resultOf(await run()).answer).toBe('Hi');
  expect(JSON.parse(server.requests[1]?.body ?? '')).toMatchObject({ options: { num_ctx: 32_768 } });
});

test('a model that Ollama does not have is refused at once', async () => {
  server = await startRecordingServer((_request, response) => {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end('{"error":"model \\"qwen3\\" not found"}');
    return undefined;
  });
  expect(failureOf(await run()).failure.error.message).toContain('not found');
  expect(server.requests).toHaveLength(1);
});
