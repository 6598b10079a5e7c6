import { describe, expect, test } from '@jest/globals';
import { attemptInput, failureOf, resultOf } from '../../testing/attempt-input.js';
import type { Answer } from '../../testing/recording-server.js';
import { called, chunk, done, said, stream, streamFixture } from '../../testing/stream-fixture.js';

const { answers, given, createRun, run } = streamFixture();

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
      'ends while its chunks say that it goes on',
      stream(chunk({ content: 'Half' }, ''), chunk({ content: ' of' }, '')),
      'model_unavailable',
    ],
    [
      'lost the middle of an event',
      stream(
        chunk(called(0, 'a', 'weather', '{"city":"B')),
        'data: {"choices":[{"index":0,"delta":{"tool_ca\n\n',
        chunk(called(0, undefined, undefined, 'n"}'), 'tool_calls'),
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

  test('says at its end that its answer was filtered is refused', async () => {
    const base_resp = { status_code: 1027, status_msg: 'output new_sensitive' };
    answers.push(stream(chunk({ content: 'How to' }), { ...chunk({}, 'stop'), base_resp }));
    const { failure, retryable } = failureOf(await run());
    expect(failure.error.message).toContain('output new_sensitive');
    expect([failure.error.code, retryable]).toEqual(['model_refused', false]);
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
