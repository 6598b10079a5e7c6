import type { LanguageModelV4Content, LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import { describe, expect, test } from '@jest/globals';
import { boundAnswer, MOST_ARGUMENTS, MOST_CALLS, MOST_TEXT, tokenCount } from './bound-answer.js';
import { VerdictError } from './verdict.js';

const answer = (content: LanguageModelV4Content[]): LanguageModelV4GenerateResult => ({
  content,
  finishReason: { unified: 'stop', raw: 'stop' },
  usage: {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 1, text: 1, reasoning: 0 },
  },
  warnings: [],
});
const text = (length: number): LanguageModelV4Content => ({ type: 'text', text: 'x'.repeat(length) });
const call = (input: string, toolName = 't'): LanguageModelV4Content => ({
  type: 'tool-call',
  toolCallId: '1',
  toolName,
  input,
});

describe('boundAnswer', () => {
  test('leaves an ordinary answer unchanged', () => {
    const ordinary = answer([text(10), call('{"a":[1]}'), { type: 'reasoning', text: 'hm' }]);
    expect(boundAnswer(ordinary)).toEqual(ordinary);
  });

  test('cuts a text that is too long, in any number of parts, and says so in the finish reason', () => {
    const { content, finishReason } = boundAnswer(answer([text(MOST_TEXT - 5), text(10), text(10)]));
    expect(content.map((part) => part.type === 'text' && part.text.length)).toEqual([MOST_TEXT - 5, 5]);
    expect(finishReason.unified).toBe('length');
    expect(boundAnswer(answer(Array.from({ length: 5_000 }, () => text(1)))).finishReason.unified).toBe(
      'length',
    );
  });

  test('cuts names, titles and lists of sources', () => {
    const source = { type: 'source', sourceType: 'url', id: '1', url: 'https://a.example' } as const;
    const { content } = boundAnswer(
      answer([
        call('{}', 'n'.repeat(40_000)),
        { ...source, url: `https://a.example/${'x'.repeat(5_000)}` },
        ...Array.from({ length: 400 }, () => ({ ...source, title: 't'.repeat(1_000) })),
      ]),
    );
    expect(content.length).toBe(200);
    expect(Math.max(...content.map((part) => JSON.stringify(part).length))).toBeLessThan(1_000);
  });

  test.each([
    ['too many calls', Array.from({ length: MOST_CALLS + 1 }, () => call('{}'))],
    ['arguments that are too long', [call(JSON.stringify('x'.repeat(MOST_ARGUMENTS)))]],
    ['arguments that nest too deeply', [call(`${'['.repeat(200)}${']'.repeat(200)}`)]],
  ])('refuses %s', (_name, content) => {
    expect(() => boundAnswer(answer(content))).toThrow(VerdictError);
  });
});

test('a brace in a string does not nest', () => {
  expect(() => boundAnswer(answer([call(JSON.stringify(`"\\${'{'.repeat(500)}`))]))).not.toThrow();
});

test.each([
  [undefined, 0],
  [12, 12],
  [Number.NaN, 0],
  [-3, 0],
  [1e300, 0],
])('a count of %s tokens is %d', (count, tokens) => {
  expect(tokenCount(count)).toBe(tokens);
});
