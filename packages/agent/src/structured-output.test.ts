import { createBounded } from '@agenthook/bounded';
import { afterAll, expect, test } from '@jest/globals';
import { parseOutput } from './structured-output.js';
import { growth } from './testing/growth.js';
import { VerdictError } from './verdict.js';

const bounded = createBounded();
afterAll(() => bounded.close());

const schema = { type: 'object', required: ['n'] };
const parse = (text: string, against: Record<string, unknown> = schema) =>
  parseOutput(bounded, { key: 'a' }, text, against);

test.each([
  ['bare', '{"n":1}'],
  ['in a fence', '```\n{"n":1}\n```'],
  ['in an unclosed fence', '```json\n{"n":1}'],
  ['in a fence in another language', '```js\n{"n":1}\n```'],
  ['in a fence on one line', '```{"n":1}```'],
  ['in a fence between text', 'Here:\n```\n{"n":1}\n```\nBye.'],
  ['between prose', 'Here it is: {"n":1} Bye'],
  ['after a bracket that opens nothing', 'As of [1, see {x}: {"n":1}'],
  ['there twice', '```\n{"n":1}\n```\n```\n{"n": 1}\n```'],
  ['beside a value that does not match', 'From {"m":2} follows {"n":1}.'],
  ['in a fence labelled JSON, with space around it', '\n ```json \n{"n":1}\n\n  ``` \n'],
])('reads an answer that is %s', async (_name, text) => {
  expect(await parse(text)).toEqual({ output: { n: 1 } });
});

test.each([
  ['only a fence', '```'],
  ['prose', 'The number is one.'],
  ['half of a value', 'Here: {"n":1'],
])('does not read %s', async (_name, text) => {
  expect(await parse(text)).toEqual({ problem: 'it is not JSON' });
});

test('does not choose between two values that match', async () => {
  expect(await parse('{"n":1} or {"n":2}')).toEqual({ problem: 'it has several JSON values that match' });
});

test('refuses what nests too deeply to be serialised', async () => {
  expect(await parse(`{"n":${'['.repeat(1e5)}${']'.repeat(1e5)}}`)).toEqual({
    problem: 'it nests deeper than 100 levels',
  });
});

test.each<[string, (n: number) => string]>([
  ['a fence and line breaks', (n) => `\`\`\`${'\n'.repeat(n)}`],
  ['a JSON fence and line breaks', (n) => `\`\`\`json${'\n'.repeat(n)}x`],
  ['spaces before a fence', (n) => `${' '.repeat(n)}\`\`\`\n`],
  ['many fences', (n) => '```\n'.repeat(n / 4)],
  ['many brackets', (n) => '['.repeat(n)],
])('takes time linear in the length of %s', async (_name, text) => {
  expect(await growth((n) => parse(text(n)), 5_000)).toBeLessThan(16);
});

test('reports what does not match', async () => {
  expect(await parse('{"m":1}')).toEqual({ problem: '/n is missing' });
  expect(await parse('7')).toEqual({ problem: '/ must be object' });
});

test('stops an endless check without delaying others', async () => {
  let turns = 0;
  const others = setInterval(() => turns++, 5);
  const attempt = () =>
    parse(JSON.stringify(`${'a'.repeat(30)}b`), { pattern: '^(a+)+$' }).catch((error: VerdictError) => error);
  let failure = await attempt();
  // A busy machine may not give the check enough CPU; then the run is retried.
  for (let tries = 0; tries < 5 && failure instanceof VerdictError && failure.verdict.retryable; tries++) {
    failure = await attempt();
  }
  clearInterval(others);
  expect(failure).toMatchObject({ verdict: { code: 'invalid_output', retryable: false } });
  expect(turns).toBeGreaterThan(5);
}, 120_000);
