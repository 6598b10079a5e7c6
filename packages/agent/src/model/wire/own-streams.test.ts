import { expect, test } from '@jest/globals';
import { failureOf, resultOf } from '../../testing/attempt-input.js';
import { stream, streamFixture } from '../../testing/stream-fixture.js';

// Streams of Anthropic's and OpenAI's own APIs.

const { answers, given, run, bodies } = streamFixture();

const START = {
  type: 'message_start',
  message: { id: 'm', type: 'message', role: 'assistant', model: 'claude', content: [] },
};
const end = (stop_reason: string) => [
  { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 12 } },
  { type: 'message_stop' },
];
const END = end('end_turn');
const begin = (index: number, content_block: object) => ({
  type: 'content_block_start',
  index,
  content_block,
});
const goOn = (index: number, delta: object) => ({ type: 'content_block_delta', index, delta });
const say = (index: number, text: string) => goOn(index, { type: 'text_delta', text });
const think = (index: number, thinking: string) => goOn(index, { type: 'thinking_delta', thinking });
const sign = (index: number, signature: string) => goOn(index, { type: 'signature_delta', signature });
const args = (index: number, partial_json: string) => goOn(index, { type: 'input_json_delta', partial_json });
const TEXT = { type: 'text', text: '' };
const THOUGHT = { type: 'thinking', thinking: '', signature: '' };
const TOOL = { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} };

const RESPONSE = { id: 'r', object: 'response', created_at: 1, status: 'completed', model: 'm', output: [] };
const COMPLETED = { type: 'response.completed', response: RESPONSE };
const itemDone = (item: object) => ({ type: 'response.output_item.done', output_index: 0, item });

test('a message of Anthropic keeps its thoughts with their signature, and the digits of a call', async () => {
  const stop = (index: number) => ({ type: 'content_block_stop', index });
  const usage = { input_tokens: 9, output_tokens: 1 };
  const start = { ...START, message: { ...START.message, stop_reason: null, usage } };
  answers.push(
    stream(
      start,
      { type: 'ping' },
      begin(0, THOUGHT),
      think(0, 'Let me '),
      think(0, 'see.'),
      sign(0, 'sig'),
      stop(0),
      begin(1, TOOL),
      args(1, ''),
      args(1, '{"n":90071'),
      args(1, '99254740993}'),
      stop(1),
      ...end('tool_use'),
    ),
    stream(start, begin(0, TEXT), say(0, 'Do'), say(0, 'ne.'), stop(0), ...END),
  );
  expect(resultOf(await run('anthropic:claude-sonnet-4-5'))).toMatchObject({
    answer: 'Done.',
    thought: 'Let me see.',
    usage: { input_tokens: 18, output_tokens: 24 },
  });
  expect(given.map((args) => String((args as { n: unknown }).n))).toEqual(['9007199254740993']);
  const [first, second] = bodies();
  expect(first.stream).toBe(true);
  expect(second.messages[1].content[0]).toEqual({
    type: 'thinking',
    thinking: 'Let me see.',
    signature: 'sig',
  });
});

test.each<[string, string, object[], unknown[]]>([
  [
    'Anthropic',
    'anthropic:claude-sonnet-4-5',
    [START, begin(0, { ...TOOL, id: undefined, input: undefined }), ...end('tool_use')],
    [{}],
  ],
  [
    'OpenAI, by its arguments',
    'openai:gpt-5-mini',
    [
      {
        ...COMPLETED,
        response: { ...RESPONSE, output: [{ type: 'function_call', name: 'weather', arguments: { n: 1 } }] },
      },
    ],
    [{ n: 1 }],
  ],
])('a call in the API of %s may lack ids', async (_name, model, events, args) => {
  answers.push(stream(...events), () => undefined);
  await run(model, { max_steps: 1 });
  expect(given).toEqual(args);
});

test.each([
  ['of which no block begins', []],
  ['in a block for a text', [begin(0, TEXT)]],
])('a thought %s keeps its signature', async (_name, before) => {
  answers.push(
    stream(
      START,
      ...before,
      think(0, 'Hm.'),
      sign(0, 'sig'),
      begin(1, TOOL),
      args(1, '{}'),
      ...end('tool_use'),
    ),
    stream(START, say(0, 'Done.'), ...END),
  );
  expect(resultOf(await run('anthropic:claude-sonnet-4-5'))).toMatchObject({
    answer: 'Done.',
    thought: 'Hm.',
  });
  expect(bodies()[1].messages[1].content).toContainEqual({
    type: 'thinking',
    thinking: 'Hm.',
    signature: 'sig',
  });
});

test('a response whose last event has no items is made of the items before', async () => {
  const content = [{ type: 'output_text', text: 'Done.', annotations: [] }];
  const item = { type: 'message', id: 'msg', role: 'assistant', status: 'completed', content };
  const usage = { input_tokens: 9, output_tokens: 1 };
  answers.push(
    stream({ type: 'response.created', response: { ...RESPONSE, status: 'in_progress' } }, itemDone(item), {
      type: 'response.completed',
      response: { ...RESPONSE, usage },
    }),
  );
  expect(resultOf(await run('openai:gpt-5-mini')).answer).toBe('Done.');
});

test('deltas of a message without their text add nothing, and none replaces complete arguments', async () => {
  answers.push(
    stream(
      START,
      begin(0, { type: 'text', text: 'Wait' }),
      goOn(0, { type: 'text_delta' }),
      begin(1, { ...TOOL, input: { n: 1 } }),
      args(1, ''),
      ...end('tool_use'),
    ),
  );
  const { failure } = failureOf(await run('anthropic:claude-sonnet-4-5', { max_steps: 1 }));
  expect(failure.answer).toBe('Wait');
  expect(given).toEqual([{ n: 1 }]);
});

test.each<[string, object[]]>([
  ['in a block with the index 1, as a gateway leaves out thoughts', [START, begin(1, TEXT), say(1, 'Done.')]],
  ['without the beginning of its block', [START, say(0, 'Do'), say(0, 'ne.')]],
  ['in a block for thoughts', [START, begin(0, { ...THOUGHT, thinking: 'Hm' }), say(0, 'Do'), say(0, 'ne.')]],
  [
    'whose beginning comes twice',
    [START, begin(0, { type: 'text', text: 'Do' }), say(0, 'Do'), say(0, 'ne.')],
  ],
  ['in a block that has text', [START, begin(0, { type: 'text', text: 'Do' }), say(0, 'ne.')]],
  ['of a message that begins again and again', [START, START, say(0, 'Do'), START, say(0, 'ne.')]],
  [
    'of the second try of a gateway',
    [
      START,
      say(0, 'Half'),
      begin(1, TOOL),
      args(1, '{"n":1}'),
      { ...START, message: { ...START.message, id: 'm2' } },
      begin(0, TEXT),
      say(0, 'Done.'),
    ],
  ],
])('a text of Anthropic %s is read', async (_name, events) => {
  answers.push(stream(...events, ...END));
  expect(resultOf(await run('anthropic:claude-sonnet-4-5')).answer).toBe('Done.');
  expect(given).toEqual([]);
});

test('arguments of a call whose beginning is lost make the answer one that is asked for again', async () => {
  answers.push(stream(START, begin(0, { type: 'text', text: 'Hm' }), args(1, '{"n":1}'), ...END));
  expect(failureOf(await run('anthropic:claude-sonnet-4-5'))).toMatchObject({
    retryable: true,
    failure: { error: { code: 'model_unavailable' } },
  });
});

test('a call that a response holds twice is made once, and texts without an item are read', async () => {
  const item = { type: 'function_call', id: 'fc', call_id: 'c', name: 'weather', arguments: '{"n":1}' };
  const done = itemDone(item);
  const text = (delta: string) => ({
    type: 'response.output_text.delta',
    output_index: 0,
    item_id: 'msg',
    delta,
  });
  answers.push(stream(done, done, COMPLETED), stream(text('Do'), text('ne.'), COMPLETED));
  expect(resultOf(await run('openai:gpt-5-mini')).answer).toBe('Done.');
  expect(given).toEqual([{ n: 1 }]);
});

test('a text beside a call whose item is lost makes the answer one that is asked for again', async () => {
  const text = { type: 'response.output_text.delta', output_index: 0, item_id: 'msg', delta: 'I look.' };
  const piece = {
    type: 'response.function_call_arguments.delta',
    output_index: 1,
    item_id: 'fc',
    delta: '{}',
  };
  answers.push(stream(text, piece, COMPLETED));
  expect(failureOf(await run('openai:gpt-5-mini'))).toMatchObject({
    retryable: true,
    failure: { error: { code: 'model_unavailable' } },
  });
});

test('calls of a response without places and ids are different ones', async () => {
  const done = (call_id: string) => ({
    type: 'response.output_item.done',
    item: { type: 'function_call', id: '', call_id, name: 'weather', arguments: JSON.stringify({ call_id }) },
  });
  const text = { type: 'response.output_text.delta', item_id: 'msg', delta: 'Done.' };
  answers.push(stream(done('a'), done('b'), COMPLETED), stream(text, COMPLETED));
  expect(resultOf(await run('openai:gpt-5-mini')).answer).toBe('Done.');
  expect(given).toEqual([{ call_id: 'a' }, { call_id: 'b' }]);
});

test.each([
  [{ type: 'service_unavailable_error', code: null, message: 'Please retry.' }, 'model_unavailable', true],
  [
    { type: 'invalid_request_error', code: 'context_length_exceeded', message: '' },
    'context_exceeded',
    false,
  ],
  [{ type: 'insufficient_quota', code: 'insufficient_quota', message: 'quota' }, 'model_quota', false],
])('an error within the stream of a response: %j', async (error, code, retryable) => {
  answers.push(stream({ type: 'error', error, sequence_number: 2 }));
  expect(failureOf(await run('openai:gpt-5-mini'))).toMatchObject({
    retryable,
    failure: { error: { code } },
  });
});

test('an overloaded Anthropic is tried again', async () => {
  answers.push(stream({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }));
  expect(failureOf(await run('anthropic:claude-sonnet-4-5'))).toMatchObject({
    retryable: true,
    failure: { error: { code: 'model_unavailable' } },
  });
});
