import { expect, test } from '@jest/globals';
import { toolEnvironment } from '../testing/tool-environment.js';
import { MOST_DEFINITIONS, openTools } from './index.js';
import type { OpenTool, ToolKind } from './tool.js';

const tool = (name: string, parameters: object): OpenTool => ({
  name,
  description: 'Does it.',
  parameters: { ...parameters },
  repeat_safe: true,
  execute: async () => null,
});

const open = (tools: OpenTool[], onClose: () => void = () => undefined) => {
  const kind: ToolKind<'memory'> = {
    type: 'memory',
    open: async () => ({ tools, close: async () => onClose() }),
  };
  const config = { type: 'memory' as const, name: 'notes' };
  return openTools([config], { memory: kind }, toolEnvironment(), new AbortController().signal);
};

test.each([
  ['too large', [tool('a', { description: 'x'.repeat(MOST_DEFINITIONS) })], /1048\d{3} characters together/],
  [
    'too many',
    Array.from({ length: 129 }, (_, n) => tool(`t${n}`, {})),
    /129 tools; the limit for a model is 128/,
  ],
])('tools whose definitions are %s are closed, and the failure is final', async (_what, tools, words) => {
  let closed = 0;
  const failure = await open(tools, () => void closed++).catch((error: unknown) => error);
  expect(failure).toMatchObject({ verdict: { code: 'tool_failed', retryable: false } });
  expect((failure as Error).message).toMatch(words);
  expect(closed).toBe(1);
});

test('tools of the same name get a number', async () => {
  const { tools } = await open([tool('a', {}), tool('a', {}), tool('a', {})]);
  expect(tools.map(({ name }) => name)).toEqual(['a', 'a_2', 'a_3']);
});
