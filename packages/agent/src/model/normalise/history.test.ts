import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { expect, test } from '@jest/globals';
import { growth } from '../../testing/growth.js';
import { fitHistory } from './history.js';
import { idRuleOf } from './id-rules.js';

/** The history of turns that each called tools: `[name, id]`. */
const history = (...turns: [name: string, id: string][][]): LanguageModelV4Prompt =>
  turns.flatMap(
    (calls): LanguageModelV4Prompt => [
      {
        role: 'assistant',
        content: calls.map(([toolName, toolCallId]) => ({
          type: 'tool-call',
          toolName,
          toolCallId,
          input: {},
        })),
      },
      {
        role: 'tool',
        content: calls.map(([toolName, toolCallId]) => ({
          type: 'tool-result',
          toolName,
          toolCallId,
          output: { type: 'text', value: 'ok' },
        })),
      },
    ],
  );

const partsOf = (prompt: LanguageModelV4Prompt, role: 'assistant' | 'tool') =>
  prompt
    .filter((message) => message.role === role)
    .flatMap((message) => message.content as { toolName: string; toolCallId: string }[])
    .map(({ toolName, toolCallId }) => [toolName, toolCallId]);

test.each([
  ['anthropic', 'claude-sonnet-4-5', /^[a-zA-Z0-9_-]+$/],
  ['openai', 'gpt-5', /^[a-zA-Z0-9_-]+$/],
  ['compatible', 'anthropic/claude-haiku', /^[a-zA-Z0-9_-]+$/],
  ['compatible', 'mistral-large-latest', /^[a-zA-Z0-9]{9}$/],
] as const)(
  '%s:%s gets ids that it takes, the same for a call and its result',
  (provider, model, pattern) => {
    const given = history(
      [
        ['weather', 'functions.weather:0'],
        ['weather', 'functions.weather:1'],
      ],
      [['weather', 'functions.weather:0']],
    );
    const fitted = fitHistory(given, idRuleOf(provider, model));
    const calls = partsOf(fitted, 'assistant');
    expect(partsOf(fitted, 'tool')).toEqual(calls);
    expect(new Set(calls.map(([, id]) => id)).size).toBe(3);
    for (const [, id] of calls) expect(id).toMatch(pattern);
    expect(fitHistory(given, idRuleOf(provider, model))).toEqual(fitted);
  },
);

test('ids that a model takes stay', () => {
  const given = history([['weather', 'call_1']], [['weather', 'functions.weather:1']]);
  expect(fitHistory(given, idRuleOf('compatible', 'kimi-k2'))).toEqual(given);
});

test('names that no tool has become names that a provider takes', () => {
  const fitted = fitHistory(
    history([
      ['multi.tool use/α', 'a'],
      ['', 'b'],
    ]),
    'plain',
  );
  expect(partsOf(fitted, 'assistant').map(([name]) => name)).toEqual(['multi_tool_use__', 't_']);
  expect(partsOf(fitted, 'tool')).toEqual(partsOf(fitted, 'assistant'));
});

test('ids that a model chose so that all new ones are taken cost linear time', async () => {
  // The new ids begin at the number of ids so far.
  const prompt = (n: number) =>
    history(
      Array.from({ length: n }, (_, index) => ['a', `call_${n + 1 + index}`]),
      Array.from({ length: n }, () => ['a', '']),
    );
  const small = prompt(500);
  const ids = partsOf(fitHistory(small, 'any'), 'assistant').map(([, id]) => id);
  expect(new Set(ids).size).toBe(1_000);
  expect(ids.slice(500, 502)).toEqual(['call_1001', 'call_1002']);
  expect(await growth((n) => fitHistory(prompt(n), 'any'), 1_500)).toBeLessThan(24);
});
