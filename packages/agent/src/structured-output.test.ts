import { expect, test } from '@jest/globals';
import { parseOutput } from './structured-output.js';
import { growth } from './testing/growth.js';

const schema = { type: 'object', required: ['n'] };

test.each([
  ['bare', '{"n":1}'],
  ['in a fence', '```\n{"n":1}\n```'],
  ['in a fence that says JSON, with space around it', '\n ```json \n{"n":1}\n\n  ``` \n'],
])('reads an answer that is %s', (_name, text) => {
  expect(parseOutput(text, schema)).toEqual({ output: { n: 1 } });
});

test.each([
  ['a fence alone', '```'],
  ['a fence that opens and does not close', '```json\n{"n":1}'],
  ['a fence of another language', '```js\n{"n":1}\n```'],
  ['words around a fence', 'Here:\n```\n{"n":1}\n```'],
  ['two fences', '```\n{"n":1}\n```\n```\n{"n":1}\n```'],
])('does not read %s', (_name, text) => {
  expect(parseOutput(text, schema)).toEqual({ problem: 'it is not JSON' });
});

test('refuses what nests too deeply to be written again', () => {
  expect(parseOutput(`{"n":${'['.repeat(1e5)}${']'.repeat(1e5)}}`, schema)).toEqual({
    problem: 'it nests deeper than 100 levels',
  });
});

test.each<[string, (n: number) => string]>([
  ['a fence and line breaks', (n) => `\`\`\`${'\n'.repeat(n)}`],
  ['a JSON fence and line breaks', (n) => `\`\`\`json${'\n'.repeat(n)}x`],
  ['spaces before a fence', (n) => `${' '.repeat(n)}\`\`\`\n`],
  ['many fences', (n) => '```\n'.repeat(n)],
  ['many brackets', (n) => '['.repeat(n)],
])('takes time in proportion to the length of %s', (_name, text) => {
  expect(growth((n) => parseOutput(text(n), schema), 5_000)).toBeLessThan(16);
});
