import { afterAll, expect, test } from '@jest/globals';
import { createBounded } from './create-bounded.js';
import { LIMITS } from './limits.js';

const bounded = createBounded();
afterAll(() => bounded.close());

/** Asks again if a busy machine gave the helper no CPU. */
async function read(text: string) {
  for (let tries = 0; ; tries++) {
    const result = await bounded.readYaml(text, { key: 'a' });
    if (result.outcome !== 'starved' || tries === 5) return result;
  }
}

const filler = (text: string) => `# ${'x'.repeat(LIMITS.inlineYaml)}\n${text}`;

test.each([
  ['a short text', (text: string) => text],
  ['a long text', filler],
])('reads %s, including aliases and merge keys', async (_name, make) => {
  expect(await read(make('a: &a {b: 1}\nc: *a\nd: {<<: *a, e: 2}'))).toEqual({
    outcome: 'parsed',
    value: { a: { b: 1 }, c: { b: 1 }, d: { b: 1, e: 2 } },
  });
  expect(await read(make('a: [1'))).toMatchObject({ outcome: 'not_yaml', reason: expect.any(String) });
  expect(await read(make('['.repeat(5_000)))).toMatchObject({ outcome: 'not_yaml' });
});

test('a long text with aliases of aliases, or a circular one, ends', async () => {
  const levels = Array.from(
    { length: 12 },
    (_, n) => `l${n + 1}: &l${n + 1} [${Array(10).fill(`*l${n}`).join(',')}]`,
  );
  const bomb = filler(['l0: &l0 x', ...levels].join('\n'));
  expect(['too_large', 'too_slow']).toContain((await read(bomb)).outcome);
  expect(await read(filler('a: &a\n  b: *a'))).toMatchObject({ outcome: 'not_yaml' });
}, 120_000);

test('a large text does not block the event loop', async () => {
  const large = Array.from({ length: 9_000 }, (_, n) => `- {path: /a${n}, text: "What ${n} does."}`).join(
    '\n',
  );
  let turns = 0;
  const others = setInterval(() => turns++, 5);
  const result = await read(large);
  clearInterval(others);
  expect(result).toMatchObject({ outcome: 'parsed' });
  expect(turns).toBeGreaterThan(3);
});
