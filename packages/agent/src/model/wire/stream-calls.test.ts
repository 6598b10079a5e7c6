import { describe, expect, test } from '@jest/globals';
import { resultOf } from '../../testing/attempt-input.js';
import { called, chunk, done, said, stream, streamFixture } from '../../testing/stream-fixture.js';

const { answers, given, run, bodies } = streamFixture();

const DIGITS = '9007199254740993';

describe('a streamed chat completion', () => {
  test.each<[string, object[]]>([
    [
      'in pieces',
      [
        called(0, 'a', 'weather', ''),
        called(0, undefined, undefined, '{"n":'),
        called(0, undefined, undefined, '9007199254740993}'),
      ],
    ],
    [
      'with its id and name in each piece',
      [called(0, 'a', 'weather', '{"n":'), called(0, 'a', 'weather', '9007199254740993}')],
    ],
    [
      'without an index',
      [
        called(undefined, 'a', 'weather', '{"n":'),
        called(undefined, undefined, undefined, '9007199254740993}'),
      ],
    ],
    [
      'with another id in each piece',
      [called(0, 'a', 'weather', '{"n":'), called(0, 'b', undefined, '9007199254740993}')],
    ],
    [
      'with an index from 1',
      [called(1, 'a', 'weather', '{"n":'), called(1, undefined, undefined, '9007199254740993}')],
    ],
    [
      'with nulls',
      [called(0, 'a', 'weather', null), called(0, undefined, undefined, '{"n":9007199254740993}')],
    ],
    ['as an object', [called(0, 'a', 'weather', { n: DIGITS })]],
    [
      'with another id and its name in each piece',
      [called(0, 'a', 'weather', '{"n":'), called(0, 'b', 'weather', '9007199254740993}')],
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
    ['each with its index', [called(0, 'a', 'weather', '{}'), called(1, 'b', 'other', '{}')]],
    ['all with index 0', [called(0, 'a', 'weather', '{}'), called(0, 'b', 'other', '{}')]],
    ['with one id', [called(0, 'a', 'weather', '{}'), called(1, 'a', 'other', '{}')]],
    [
      'without ids, all with index 0',
      [called(0, undefined, 'weather', '{}'), called(0, undefined, 'other', '{}')],
    ],
    ['with empty ids', [called(0, '', 'weather', '{}'), called(1, '', 'other', '{}')]],
    ['without indexes', [called(undefined, 'a', 'weather', '{}'), called(undefined, 'b', 'other', '{}')]],
    ['with a gap between their indexes', [called(0, 'a', 'weather', '{}'), called(5, 'b', 'other', '{}')]],
    [
      'in turns, with indexes as texts',
      [
        called('0', 'a', 'weather'),
        called('1', 'b', 'other'),
        called('0', undefined, undefined, '{}'),
        called('1', undefined, undefined, '{}'),
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
        chunk(called(0, 'a', 'weather', '')),
        chunk(called(0, undefined, undefined, '{"n":1}')),
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
        chunk(called(0, 'a', 'weather', '{"n":1}')),
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
    const one = (n: number) => chunk(called(undefined, undefined, 'weather', `{"n":${n}}`));
    answers.push(stream(one(1), one(2), chunk({}, 'tool_calls'), done), said);
    await run();
    expect(given).toEqual([{ n: 1 }, { n: 2 }]);
  });
});
