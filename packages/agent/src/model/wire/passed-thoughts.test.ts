import { expect, test } from '@jest/globals';
import { attemptInput, failureOf, resultOf } from '../../testing/attempt-input.js';
import type { Answer } from '../../testing/recording-server.js';
import { streamFixture } from '../../testing/stream-fixture.js';

// Servers that refuse a history whose calls come without thoughts.

const { answers, given, createRun, run, bodies } = streamFixture();

const send =
  (body: object, status = 200): Answer =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const usage = { prompt_tokens: 1, completion_tokens: 1 };
const chat = (message: object) => send({ choices: [{ message, finish_reason: 'stop' }], usage });
const call = (id: string, reasoning_content?: string) =>
  chat({
    content: null,
    reasoning_content,
    tool_calls: [{ id, type: 'function', function: { name: 'weather', arguments: '{"n":1}' } }],
  });
const refusal = (message: string) => send({ error: { message, type: 'invalid_request_error' } }, 400);
const thoughtsIn = (body: { messages: { role: string; reasoning_content?: string }[] }) =>
  body.messages.filter(({ role }) => role === 'assistant').map((each) => each.reasoning_content);

test.each([
  'The `reasoning_content` in the thinking mode must be passed back to the API.',
  'thinking is enabled but reasoning_content is missing in assistant tool call message at index 2',
  'Missing `reasoning_content` field in the assistant message at message index 2.',
])('a call without thoughts is sent with some: %s', async (message) => {
  answers.push(call('a', 'Hm.'), call('b'), refusal(message), call('c'), chat({ content: 'Done.' }));
  expect(resultOf(await run('compatible:deepseek-v4-pro')).answer).toBe('Done.');
  expect(given).toHaveLength(3);
  expect(bodies().map(thoughtsIn)).toEqual([
    [],
    ['Hm.'],
    ['Hm.', undefined],
    ['Hm.', 'I call weather.'],
    // Known from now on.
    ['Hm.', 'I call weather.', 'I call weather.'],
  ]);
});

test("a message of Anthropic's API gets a block of thoughts", async () => {
  const message = {
    id: 'm',
    type: 'message',
    role: 'assistant',
    model: 'k',
    usage: { input_tokens: 1, output_tokens: 1 },
  };
  const tool = { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { n: 1 } };
  answers.push(
    send({ ...message, content: [tool], stop_reason: 'tool_use' }),
    send(
      {
        type: 'error',
        error: {
          type: 'invalid_request_error',
          message: 'The `content[].thinking` in the thinking mode must be passed back to the API.',
        },
      },
      400,
    ),
    send({ ...message, content: [{ type: 'text', text: 'Done.' }], stop_reason: 'end_turn' }),
  );
  expect(resultOf(await run('anthropic:deepseek-v4')).answer).toBe('Done.');
  expect(bodies()[2].messages[1].content).toMatchObject([
    { type: 'thinking', thinking: 'I call weather.' },
    { type: 'tool_use', name: 'weather' },
  ]);
});

test('a refusal that thoughts do not mend changes no later request', async () => {
  const wanted = refusal('reasoning_content is missing');
  answers.push(call('a'), wanted, refusal('Still wrong.'), wanted);
  const runAgent = createRun();
  const input = attemptInput({
    model: 'compatible:m',
    config: { tools: [{ type: 'memory', name: 't' }] },
  });
  for (let n = 0; n < 2; n++) {
    expect(failureOf(await runAgent(input)).failure.error.code).toBe('model_refused');
    answers.length = 0;
    answers.push(call('b'), refusal('Unknown field.'));
  }
  expect(bodies().map(thoughtsIn)).toEqual([[], [undefined], ['I call weather.'], [], [undefined]]);
});

test('another refusal is not answered with thoughts', async () => {
  answers.push(call('a'), refusal('Unknown field.'));
  await run('compatible:m');
  expect(bodies()).toHaveLength(2);
});
