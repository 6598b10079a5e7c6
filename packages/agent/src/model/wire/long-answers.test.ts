import { expect, test } from '@jest/globals';
import { attemptInput, runAgentWith } from '../../testing/attempt-input.js';
import { growth } from '../../testing/growth.js';
import { startRecordingServer } from '../../testing/recording-server.js';
import { boundLists } from './bound-lists.js';
import { readStream, wireOf } from './stream/index.js';

/** What a model's server can make long without sending much text. */

const MOST = 4 * 1024 * 1024;
const streamOf = (text: string) => new Blob([text]).stream() as ReadableStream<Uint8Array>;
const read = (path: string, text: string) => {
  const wire = wireOf(new URL(`http://127.0.0.1${path}`));
  if (!wire) throw new Error(`${path} is no API`);
  return readStream(wire, streamOf(text), MOST, () => new Error('too large'));
};
const event = (json: string) => `data: ${json}\n\n`;
const keys = (count: number) => Array.from({ length: count }, (_, n) => `"k${n}":0`).join();
const called = (piece: string) => {
  const call = { function: { name: 'a', arguments: piece } };
  return event(JSON.stringify({ choices: [{ delta: { tool_calls: [call] } }] }));
};

test.each<[string, string, (n: number) => string]>([
  [
    'many fields, and many events after them',
    '/m:generateContent',
    (n) => event(`{${keys(n)}}`) + event('{"a":0}').repeat(n),
  ],
  [
    'a candidate of many fields',
    '/m:generateContent',
    (n) => event(`{"candidates":[{${keys(n)}}]}`) + event('{"candidates":[{"a":0}]}').repeat(n),
  ],
  [
    'a text with many fields, which goes on',
    '/m:generateContent',
    (n) =>
      event(`{"candidates":[{"content":{"parts":[{"text":"a",${keys(n)}}]}}]}`) +
      event('{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}').repeat(n),
  ],
  [
    'a count of many fields',
    '/messages',
    (n) =>
      event(`{"type":"message_start","message":{"usage":{}}}`) +
      event(`{"type":"message_delta","usage":{${keys(n)}}}`) +
      event('{"type":"message_delta","usage":{"a":0}}').repeat(n),
  ],
  [
    'a message of many fields',
    '/api/chat',
    (n) => event(`{"message":{${keys(n)}}}`) + event('{"message":{"a":0}}').repeat(n),
  ],
  [
    'arguments in many pieces, each with the name',
    '/chat/completions',
    (n) => called(`{"a":"${'}'.repeat(100 * n)}`) + called('}').repeat(n),
  ],
  [
    'arguments that are closed and no JSON',
    '/chat/completions',
    (n) => called(`{"a":"${'a'.repeat(100 * n)}" x}`) + called('{}').repeat(n),
  ],
])('%s take linear time', async (_name, path, make) => {
  expect(await growth((n) => read(path, make(n)), 600)).toBeLessThan(24);
});

test('many items of a response, and many ends after them, take linear time', async () => {
  const item = event('{"type":"response.output_item.done","item":{}}');
  const end = event('{"type":"response.completed","response":{}}');
  const answered = (n: number) => read('/responses', item.repeat(n) + end.repeat(n));
  expect(await growth(answered, 2_000)).toBeLessThan(24);
});

test('parts without a text count too', async () => {
  for (const [path, json] of [
    ['/messages', '{"type":"content_block_start","index":N,"content_block":{}}'],
    ['/chat/completions', '{"choices":[{"delta":{"tool_calls":[{"index":N,"function":{}}]}}]}'],
    ['/messages', '{"type":"content_block_delta","index":N,"delta":{"type":"text_delta"}}'],
    ['/responses', '{"type":"response.output_item.done","item":{}}'],
    ['/responses', '{"type":"response.function_call_arguments.delta","output_index":N}'],
    ['/responses', '{"type":"response.output_text.delta","item_id":"N","delta":""}'],
    ['/m:generateContent', '{"candidates":[{"content":{"parts":[{}]}}]}'],
    ['/api/chat', '{"message":{"tool_calls":[{}]}}'],
  ] as const) {
    const text = Array.from({ length: 80_000 }, (_, n) => event(json.replace('N', `${n}`))).join('');
    expect([path, await read(path, text).then(() => 'read', String)]).toEqual([path, 'Error: too large']);
  }
});

test.each([': keep\n', '\n', 'id: 1\n', 'event: ping\n'])('a stream of nothing but %j ends', async (line) => {
  const wire = wireOf(new URL('http://127.0.0.1/messages'));
  if (!wire) throw new Error('/messages is no API');
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(Buffer.from(line.repeat(1_000))),
  });
  await expect(readStream(wire, endless, 10_000, () => new Error('too large'))).rejects.toThrow('too large');
});

test('a message in many small deltas is read', async () => {
  const delta = '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"word"}}';
  const text = event('{"type":"message_start","message":{}}') + event(delta).repeat(100_000);
  const { whole } = await read('/messages', text + event('{"type":"message_stop"}'));
  expect(whole).toMatchObject({ content: [{ text: 'word'.repeat(100_000) }] });
});

test.each([
  ['openai:gpt-5-mini', (list: string) => `{"id":"r","created_at":1,"model":"m","output":${list}}`],
  [
    'anthropic:claude-sonnet-4-5',
    (list: string) => `{"type":"message","id":"r","model":"m","stop_reason":"end_turn","content":${list}}`,
  ],
])('a list of many entries that are no parts takes %s linear time', async (model, make) => {
  let text = '';
  const server = await startRecordingServer((_request, response) =>
    response.setHeader('content-type', 'application/json').end(text),
  );
  const run = runAgentWith({
    openai_base_url: `${server.url}/v1`,
    openai_api_key: 'k',
    anthropic_api_key: 'k',
    anthropic_base_url: server.url,
  });
  try {
    const answered = (n: number) => {
      text = make(`[${Array(n).fill('{}').join()}]`);
      return run(attemptInput({ model, limits: { max_attempts: 1 } }));
    };
    expect(await growth(answered, 4_000)).toBeLessThan(12);
  } finally {
    await server.close();
  }
});

test('a redirect with a long name of a host is not followed, and costs little', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const server = await startRecordingServer((_request, response) => {
    const location = `https://${'\xe4.'.repeat(7_000)}`;
    response.writeHead(307, { location }).end();
    resolve();
  });
  try {
    const run = runAgentWith({ openai_base_url: `${server.url}/v1`, openai_api_key: 'k' });
    const before = process.cpuUsage();
    await run(attemptInput({ model: 'compatible:m', limits: { max_attempts: 1 } }));
    await promise;
    const { user, system } = process.cpuUsage(before);
    expect(server.requests).toHaveLength(1);
    expect((user + system) / 1_000).toBeLessThan(700);
  } finally {
    await server.close();
  }
});

test('lists are cut together, but arguments are not', () => {
  const list = Array(9_000).fill(0);
  expect(boundLists({ content: [{ type: 'tool_use', input: { list } }] })).toBe('whole');
  expect(list).toHaveLength(9_000);
  expect(boundLists({ choices: [{ message: { list } }] })).toBe('cut');
  expect(list).toHaveLength(2_001);
  expect(boundLists({ output: [{ a: [...list] }, { a: [...list] }, { a: [...list] }] })).toBe('too_many');
});
