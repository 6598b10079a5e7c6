import { expect, test } from '@jest/globals';
import { failureOf, resultOf } from '../../testing/attempt-input.js';
import { stream, streamFixture } from '../../testing/stream-fixture.js';

// Streams of Anthropic's and OpenAI's own APIs.

const { answers, given, run, bodies } = streamFixture();

test('a message of Anthropic keeps its thoughts with their signature, and the digits of a call', async () => {
  const message = {
    id: 'm',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [],
    stop_reason: null,
    usage: { input_tokens: 9, output_tokens: 1 },
  };
  const block = (index: number, content_block: object, ...deltas: object[]) => [
    { type: 'content_block_start', index, content_block },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
  const end = (stop_reason: string) => [
    { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 12 } },
    { type: 'message_stop' },
  ];
  answers.push(
    stream(
      { type: 'message_start', message },
      { type: 'ping' },
      ...block(
        0,
        { type: 'thinking', thinking: '', signature: '' },
        { type: 'thinking_delta', thinking: 'Let me ' },
        { type: 'thinking_delta', thinking: 'see.' },
        { type: 'signature_delta', signature: 'sig' },
      ),
      ...block(
        1,
        { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} },
        { type: 'input_json_delta', partial_json: '' },
        { type: 'input_json_delta', partial_json: '{"n":90071' },
        { type: 'input_json_delta', partial_json: '99254740993}' },
      ),
      ...end('tool_use'),
    ),
    stream(
      { type: 'message_start', message },
      ...block(
        0,
        { type: 'text', text: '' },
        { type: 'text_delta', text: 'Do' },
        { type: 'text_delta', text: 'ne.' },
      ),
      ...end('end_turn'),
    ),
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

test('a message whose blocks begin with 1, as a gateway leaves out thoughts, is read', async () => {
  const usage = { input_tokens: 9, output_tokens: 1 };
  answers.push(
    stream(
      {
        type: 'message_start',
        message: { id: 'm', type: 'message', role: 'assistant', model: 'c', content: [], usage },
      },
      { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Done.' } },
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: { output_tokens: 2 },
      },
      { type: 'message_stop' },
    ),
  );
  expect(resultOf(await run('anthropic:claude-sonnet-4-5')).answer).toBe('Done.');
});

test('a response whose last event has no items is made of the items before', async () => {
  const item = {
    type: 'message',
    id: 'msg',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: 'Done.', annotations: [] }],
  };
  const usage = { input_tokens: 9, output_tokens: 1 };
  const response = {
    id: 'r',
    object: 'response',
    created_at: 1,
    status: 'completed',
    model: 'm',
    output: [],
    usage,
  };
  answers.push(
    stream(
      { type: 'response.created', response: { ...response, status: 'in_progress' } },
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response },
    ),
  );
  expect(resultOf(await run('openai:gpt-5-mini')).answer).toBe('Done.');
});

test('deltas of a message without their text add nothing, and none replaces complete arguments', async () => {
  const content_block = { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { n: 1 } };
  const message = { id: 'm', type: 'message', role: 'assistant', model: 'claude', content: [] };
  answers.push(
    stream(
      { type: 'message_start', message },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'Wait' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta' } },
      { type: 'content_block_start', index: 1, content_block },
      { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '' } },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
      { type: 'message_stop' },
    ),
  );
  const { failure } = failureOf(await run('anthropic:claude-sonnet-4-5', { max_steps: 1 }));
  expect(failure.answer).toBe('Wait');
  expect(given).toEqual([{ n: 1 }]);
});

const START = {
  type: 'message_start',
  message: { id: 'm', type: 'message', role: 'assistant', model: 'c', content: [] },
};
const END = [{ type: 'message_delta', delta: { stop_reason: 'end_turn' } }, { type: 'message_stop' }];
const begin = (index: number, content_block: object) => ({
  type: 'content_block_start',
  index,
  content_block,
});
const say = (index: number, text: string) => ({
  type: 'content_block_delta',
  index,
  delta: { type: 'text_delta', text },
});
const TOOL = { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} };
const args = (index: number, partial_json: string) => ({
  type: 'content_block_delta',
  index,
  delta: { type: 'input_json_delta', partial_json },
});

test.each<[string, object[]]>([
  ['without the beginning of its block', [START, say(0, 'Do'), say(0, 'ne.')]],
  [
    'in a block for thoughts',
    [START, begin(0, { type: 'thinking', thinking: 'Hm', signature: '' }), say(0, 'Do'), say(0, 'ne.')],
  ],
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
      begin(0, { type: 'text', text: '' }),
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
  const response = {
    id: 'r',
    object: 'response',
    created_at: 1,
    status: 'completed',
    model: 'm',
    output: [],
  };
  const item = { type: 'function_call', id: 'fc', call_id: 'c', name: 'weather', arguments: '{"n":1}' };
  const done = { type: 'response.output_item.done', output_index: 0, item };
  const text = (delta: string) => ({
    type: 'response.output_text.delta',
    output_index: 0,
    item_id: 'msg',
    delta,
  });
  answers.push(
    stream(done, done, { type: 'response.completed', response }),
    stream(text('Do'), text('ne.'), { type: 'response.completed', response }),
  );
  expect(resultOf(await run('openai:gpt-5-mini')).answer).toBe('Done.');
  expect(given).toEqual([{ n: 1 }]);
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
