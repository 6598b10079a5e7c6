import { describe, expect, test } from '@jest/globals';
import { attemptInput, failureOf, resultOf } from '../../testing/attempt-input.js';
import type { Answer } from '../../testing/recording-server.js';
import { stream, streamFixture } from '../../testing/stream-fixture.js';

const { answers, given, createRun, run, bodies } = streamFixture();

const chunk = (delta: object, finish_reason: string | null = null) => ({
  id: 'c',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason }],
});
/** An event as text. */
const data = (event: object, end = '\n') => `data: ${JSON.stringify(event)}${end}${end}`;
const DIGITS = '9007199254740993';
/** A chunk of a second choice, which nobody has asked for. */
const OTHER_CHOICE = { choices: [{ index: 1, delta: { content: 'No.' }, finish_reason: 'stop' }] };
const done = 'data: [DONE]\n\n';
const said = stream(chunk({ content: 'Done.' }), chunk({}, 'stop'), done);
const call = (index: number | string | undefined, id: string | undefined, name?: string, args?: unknown) => ({
  tool_calls: [
    {
      ...(index !== undefined && { index }),
      ...(id !== undefined && { id, type: 'function' }),
      function: { ...(name !== undefined && { name }), ...(args !== undefined && { arguments: args }) },
    },
  ],
});

describe('a chat completion', () => {
  test('cannot change what all objects inherit, and may bring long lists', async () => {
    const field = (json: string) => `data: {"choices":[{"index":0,"delta":${json}}]}\n\n`;
    const list = JSON.stringify(Array(300_000).fill(0));
    answers.push(
      stream(
        field('{"__proto__":{"polluted":1},"a":{},"list":[]}'),
        field(`{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":1}},"list":${list}}`),
        chunk({ content: 'Done.' }),
        chunk({}, 'stop'),
        done,
      ),
    );
    expect(resultOf(await run())).toMatchObject({ answer: 'Done.' });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('is asked for as a stream, with its usage', async () => {
    answers.push(
      stream(
        ': keep-alive\n\n',
        chunk({ role: 'assistant', content: '' }),
        chunk({ reasoning_content: 'Hm' }),
        chunk({ reasoning_content: '.' }),
        chunk({ content: 'Grüß' }),
        chunk({ content: ' Gott' }),
        chunk({}, 'stop'),
        { ...chunk({}), choices: [], usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } },
        done,
      ),
    );
    expect(resultOf(await run())).toMatchObject({
      answer: 'Grüß Gott',
      thought: 'Hm.',
      usage: { input_tokens: 7, output_tokens: 3 },
    });
    expect(bodies()[0]).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  test.each<[string, object[]]>([
    [
      'in pieces',
      [
        call(0, 'a', 'weather', ''),
        call(0, undefined, undefined, '{"n":'),
        call(0, undefined, undefined, '9007199254740993}'),
      ],
    ],
    [
      'with its id and name in each piece',
      [call(0, 'a', 'weather', '{"n":'), call(0, 'a', 'weather', '9007199254740993}')],
    ],
    [
      'without an index',
      [call(undefined, 'a', 'weather', '{"n":'), call(undefined, undefined, undefined, '9007199254740993}')],
    ],
    [
      'with another id in each piece',
      [call(0, 'a', 'weather', '{"n":'), call(0, 'b', undefined, '9007199254740993}')],
    ],
    [
      'with an index from 1',
      [call(1, 'a', 'weather', '{"n":'), call(1, undefined, undefined, '9007199254740993}')],
    ],
    ['with nulls', [call(0, 'a', 'weather', null), call(0, undefined, undefined, '{"n":9007199254740993}')]],
    ['as an object', [call(0, 'a', 'weather', { n: DIGITS })]],
    [
      'with another id and its name in each piece',
      [call(0, 'a', 'weather', '{"n":'), call(0, 'b', 'weather', '9007199254740993}')],
    ],
  ])('has a call %s', async (_name, deltas) => {
    const events = deltas.map(
      (delta) => `data: ${JSON.stringify(chunk(delta)).replace(`"${DIGITS}"`, DIGITS)}\n\n`,
    );
    answers.push(stream(...events, chunk({}, 'tool_calls'), done), said);
    expect(resultOf(await run())).toMatchObject({
      answer: 'Done.',
      tool_calls: [{ name: 'weather', result: 'sunny' }],
    });
    expect(given.map((args) => String((args as { n: unknown }).n))).toEqual(['9007199254740993']);
  });

  test.each<[string, object[]]>([
    ['each with its index', [call(0, 'a', 'weather', '{}'), call(1, 'b', 'other', '{}')]],
    ['all with index 0', [call(0, 'a', 'weather', '{}'), call(0, 'b', 'other', '{}')]],
    ['with one id', [call(0, 'a', 'weather', '{}'), call(1, 'a', 'other', '{}')]],
    [
      'without ids, all with index 0',
      [call(0, undefined, 'weather', '{}'), call(0, undefined, 'other', '{}')],
    ],
    ['with empty ids', [call(0, '', 'weather', '{}'), call(1, '', 'other', '{}')]],
    ['without indexes', [call(undefined, 'a', 'weather', '{}'), call(undefined, 'b', 'other', '{}')]],
    ['with a gap between their indexes', [call(0, 'a', 'weather', '{}'), call(5, 'b', 'other', '{}')]],
    [
      'in turns, with indexes as texts',
      [
        call('0', 'a', 'weather'),
        call('1', 'b', 'other'),
        call('0', undefined, undefined, '{}'),
        call('1', undefined, undefined, '{}'),
      ],
    ],
  ])('has two calls, %s', async (_name, deltas) => {
    answers.push(stream(...deltas.map((delta) => chunk(delta)), chunk({}, 'tool_calls'), done), said);
    expect(resultOf(await run()).tool_calls.map(({ name }) => name)).toEqual(['weather', 'other']);
  });

  test('is made once where the stream ends with all of the answer', async () => {
    const whole = { id: 'a', type: 'function', function: { name: 'weather', arguments: '{"n":1}' } };
    answers.push(
      stream(
        chunk(call(0, 'a', 'weather', '')),
        chunk(call(0, undefined, undefined, '{"n":1}')),
        {
          choices: [{ index: 0, finish_reason: 'tool_calls', message: { content: '', tool_calls: [whole] } }],
        },
        done,
      ),
      said,
    );
    await run();
    expect(given).toEqual([{ n: 1 }]);
  });

  test('keeps its calls and thoughts where only the text comes again at the end', async () => {
    const message = { role: 'assistant', content: 'I look.', tool_calls: [], reasoning_content: '' };
    answers.push(
      stream(
        chunk({ reasoning_content: 'Hm.' }),
        chunk({ content: 'I look.' }),
        chunk(call(0, 'a', 'weather', '{"n":1}')),
        { choices: [{ index: 0, finish_reason: 'tool_calls', message }] },
        done,
      ),
      said,
    );
    expect(resultOf(await run())).toMatchObject({ answer: 'Done.', thought: 'Hm.' });
    expect(given).toEqual([{ n: 1 }]);
    expect(bodies()[1].messages.at(-2)).toMatchObject({ content: 'I look.' });
  });

  test('has the same call twice, without ids and indexes', async () => {
    const one = (n: number) => chunk(call(undefined, undefined, 'weather', `{"n":${n}}`));
    answers.push(stream(one(1), one(2), chunk({}, 'tool_calls'), done), said);
    await run();
    expect(given).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test.each<[string, Answer]>([
    [
      'with CRLF, comments and ids',
      stream(
        `: hi\r\n\r\nid: 1\r\n${data(chunk({ content: 'Done.' }), '\r\n')}${data(chunk({}, 'stop'), '\r\n')}data: [DONE]\r\n\r\n`,
      ),
    ],
    ['with CR alone', stream(`${data(chunk({ content: 'Done.' }), '\r')}${data(chunk({}, 'stop'), '\r')}`)],
    [
      'without a space after data',
      stream(data(chunk({ content: 'Done.' }, 'stop')).replace('data: ', 'data:')),
    ],
    [
      'without empty lines',
      stream(
        `${data(chunk({ content: 'Done.' })).trim()}\n${data(chunk({}, 'stop')).trim()}\ndata: [DONE]\n`,
      ),
    ],
    [
      'whose last chunk has no delta',
      stream(chunk({ content: 'Done.' }), { choices: [{ finish_reason: 'stop' }] }),
    ],
    [
      'with verdicts of a filter between its chunks',
      stream(
        { choices: [], prompt_filter_results: [] },
        chunk({ content: 'Do' }),
        { choices: [{ index: 0, finish_reason: null, content_filter_offsets: {} }] },
        chunk({ content: 'ne.' }, 'stop'),
        done,
      ),
    ],
    [
      'whose deltas change their kind',
      stream(
        chunk({ content: '' }),
        chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] }] }),
        chunk({ content: 'Do' }),
        chunk({ content: [] }),
        chunk({ content: 'ne.' }),
        chunk(null as unknown as object, 'stop'),
        done,
      ),
    ],
    [
      'of two choices',
      stream(chunk({ content: 'Done.' }), OTHER_CHOICE, chunk({}, 'stop'), OTHER_CHOICE, done),
    ],
    [
      'with words that are no events',
      stream(
        'data: ping\n\n',
        'event: ping\ndata: {}\n\n',
        chunk({ content: 'Done.' }, 'stop'),
        'data:\n\n',
        done,
      ),
    ],
    [
      'that is none, but is called one, over several lines',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(JSON.stringify({ choices: [{ message: { content: 'Done.' } }] }, null, 2));
      },
    ],
    ['without [DONE]', stream(chunk({ content: 'Done.' }), chunk({}, 'stop'))],
    ['without a finish reason', stream(chunk({ content: 'Done.' }), done)],
    [
      'without both, but with its usage',
      stream(chunk({ content: 'Done.' }), { choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } }),
    ],
    ['with a byte order mark', stream(`\ufeff${data(chunk({ content: 'Done.' }, 'stop'))}`)],
    [
      'in lines of JSON',
      stream(
        `${JSON.stringify(chunk({ content: 'Do' }))}\n${JSON.stringify(chunk({ content: 'ne.' }, 'stop'))}\n`,
      ),
    ],
    [
      'in messages instead of deltas',
      stream({ choices: [{ message: { content: 'Done.' }, finish_reason: 'stop' }] }),
    ],
    [
      'in messages that each go on',
      stream(
        { choices: [{ message: { content: 'Do' }, finish_reason: null }] },
        { choices: [{ message: { content: 'ne.' }, finish_reason: null }] },
        done,
      ),
    ],
    [
      'that ends with all of the answer',
      stream(
        chunk({ role: '', content: 'Do' }),
        chunk({ content: 'ne.' }),
        {
          object: 'chat.completion',
          choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Done.' } }],
        },
        done,
      ),
    ],
    [
      'that ends with an empty message',
      stream(
        chunk({ content: 'Done.' }),
        { choices: [{ delta: null, finish_reason: 'stop', message: { content: '', tool_calls: null } }] },
        done,
      ),
    ],
    [
      'that is called JSON',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(`\n${data(chunk({ content: 'Done.' }, 'stop'))}`);
      },
    ],
    [
      'that is none, but is called one',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(JSON.stringify({ choices: [{ message: { content: 'Done.' }, finish_reason: 'stop' }] }));
      },
    ],
    [
      'that is split between CR and LF',
      async (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const part of [`data: ${JSON.stringify(chunk({ content: 'Done.' }, 'stop'))}\r`, '\n\r', '\n']) {
          await new Promise((resolve) => response.write(part, resolve));
        }
        response.end();
      },
    ],
  ])('is read from a stream %s', async (_name, answer) => {
    answers.push(answer);
    expect(resultOf(await run())).toMatchObject({ answer: 'Done.', steps: 1 });
  });

  test('keeps its usage where a server counts nothing afterwards', async () => {
    const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
    const nothing = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
    answers.push(
      stream(
        { ...chunk({ content: 'Done.' }, 'stop'), usage },
        { choices: [], usage: nothing },
        { choices: [], usage: nothing },
        done,
      ),
    );
    expect(resultOf(await run()).usage).toMatchObject({ input_tokens: 7, output_tokens: 3 });
  });

  test.each(['repetition', 'model_context_window_exceeded'])('that ends with %s is cut', async (finish) => {
    answers.push(stream(chunk({ content: 'Half' }), chunk({}, finish), done));
    expect(resultOf(await run())).toMatchObject({ answer: 'Half', truncated: true });
  });

  test('of Moonshot has its usage in the choice', async () => {
    const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
    answers.push(
      stream(chunk({ content: 'Done.' }), { choices: [{ delta: {}, finish_reason: 'stop', usage }] }),
    );
    expect(resultOf(await run()).usage).toMatchObject({ input_tokens: 7, output_tokens: 3 });
  });

  test('in one piece, from a server that does not stream, is read', async () => {
    answers.push(() => ({
      id: 'c',
      created: 1,
      model: 'm',
      choices: [{ message: { content: 'Whole.' }, finish_reason: 'stop' }],
    }));
    expect(resultOf(await run()).answer).toBe('Whole.');
  });

  test('is asked for in one piece where streams are refused, also the next time', async () => {
    const message = 'stream_options is not supported by this model';
    answers.push((_request, response) => {
      response
        .writeHead(400, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error: { message } }));
    });
    const whole: Answer = () => ({
      id: 'c',
      created: 1,
      model: 'm',
      choices: [{ message: { content: 'Whole.' } }],
    });
    answers.push(whole, whole);
    const runAgent = createRun();
    const input = attemptInput({ model: 'compatible:m' });
    expect(resultOf(await runAgent(input)).answer).toBe('Whole.');
    expect(resultOf(await runAgent(input)).answer).toBe('Whole.');
    expect(bodies().map(({ stream }) => stream)).toEqual([true, undefined, undefined]);
  });
});

describe('a stream that', () => {
  test.each<[string, Answer, string]>([
    ['ends before its answer does', stream(chunk({ content: 'Half' })), 'model_unavailable'],
    [
      'has an error in it',
      stream(chunk({ content: 'Half' }), { error: { code: 502, message: 'upstream' } }),
      'model_unavailable',
    ],
    [
      'has a rate limit in it, as vLLM says it',
      stream({ object: 'error', code: 429, message: 'slow' }),
      'model_rate_limited',
    ],
    [
      'has an error in a field of its own',
      stream('error: {"code":503,"message":"Loading model"}\n\n'),
      'model_unavailable',
    ],
    ['has a rate limit in it', stream({ error: { code: 429, message: 'slow down' } }), 'model_rate_limited'],
    ['is no stream', stream('<html>oops</html>'), 'model_unavailable'],
    [
      'has an event of the type error',
      stream(chunk({ content: 'Half' }), 'event: error\ndata: {"message":"died","code":500}\n\n', done),
      'model_unavailable',
    ],
    [
      'has words in an event of the type error',
      stream(chunk({ content: 'Half' }), 'event: error\ndata: upstream died\n\n', done),
      'model_unavailable',
    ],
    [
      'has an error as a text, as TGI says it',
      stream(chunk({ content: 'Half' }), { error: 'overloaded', error_type: 'overloaded' }, done),
      'model_unavailable',
    ],
    [
      'lost the middle of an event',
      stream(
        chunk(call(0, 'a', 'weather', '{"city":"B')),
        'data: {"choices":[{"index":0,"delta":{"tool_ca\n\n',
        chunk(call(0, undefined, undefined, 'n"}'), 'tool_calls'),
        done,
      ),
      'model_unavailable',
    ],
    [
      'breaks off',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(`data: ${JSON.stringify(chunk({ content: 'Half' }))}\n\n`, () => response.destroy());
      },
      'model_unavailable',
    ],
  ])('%s is tried again', async (_name, answer, code) => {
    answers.push(answer);
    const outcome = failureOf(await run());
    expect(outcome).toMatchObject({ retryable: true, failure: { error: { code } } });
    expect(given).toEqual([]);
  });

  test('stops is left for the next model', async () => {
    answers.push((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${JSON.stringify(chunk({ content: 'Half' }))}\n\n`);
    }, said);
    const config = { fallback_models: ['compatible:next'] };
    const limits = { model_timeout_seconds: 1 };
    const outcome = await createRun()(attemptInput({ model: 'compatible:m', limits, config }));
    expect(resultOf(outcome)).toMatchObject({ answer: 'Done.', model: 'compatible:next' });
  });
});

test('a stream without end is given up at the limit of an answer', async () => {
  answers.push(async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const event = `data: ${JSON.stringify(chunk({ content: 'x'.repeat(64 * 1024) }))}\n\n`;
    while (!response.destroyed) {
      if (!response.write(event))
        await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
    }
  });
  expect(failureOf(await run()).failure.error).toMatchObject({
    code: 'invalid_output',
    message: expect.stringContaining('4 MiB'),
  });
});
