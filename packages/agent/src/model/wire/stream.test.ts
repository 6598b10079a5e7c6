import { describe, expect, test } from '@jest/globals';
import { attemptInput, resultOf } from '../../testing/attempt-input.js';
import type { Answer } from '../../testing/recording-server.js';
import { chunk, done, stream, streamFixture } from '../../testing/stream-fixture.js';

const { answers, createRun, run, bodies } = streamFixture();

/** An event as text. */
const data = (event: object, end = '\n') => `data: ${JSON.stringify(event)}${end}${end}`;
/** A chunk of a second choice, which nobody has asked for. */
const OTHER_CHOICE = { choices: [{ index: 1, delta: { content: 'No.' }, finish_reason: 'stop' }] };
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
