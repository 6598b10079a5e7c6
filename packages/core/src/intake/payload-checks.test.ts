import { createBounded } from '@agenthook/bounded';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createPayloadChecks } from './payload-checks.js';

const bounded = createBounded();
afterAll(() => bounded.close());

type Schema = Record<string, unknown>;
const verdictOn = (schema: Schema, payload: unknown) =>
  createPayloadChecks(bounded).check('a', 1, async () => schema, payload);
const issuesOf = async (schema: Schema, payload: unknown) => {
  const found = await verdictOn(schema, payload);
  if (found.verdict !== 'misfit') throw new Error(found.verdict);
  return found.issues;
};

describe('a payload', () => {
  test('fits, and is left as it was', async () => {
    const payload = { a: 1, more: [] };
    const schema = { properties: { a: { type: 'integer' }, b: { default: 2 } }, required: ['a'] };
    expect(await verdictOn(schema, payload)).toEqual({ verdict: 'fits' });
    expect(payload).toEqual({ a: 1, more: [] });
  });

  test('is told every path that does not fit, as JSON Pointers', async () => {
    const schema = {
      type: 'object',
      required: ['title', 'a/b~c'],
      additionalProperties: false,
      properties: {
        title: { type: 'string' },
        'a/b~c': {},
        lines: { items: { required: ['sku'], properties: { count: { minimum: 1 } } } },
      },
    };
    const issues = await issuesOf(schema, { lines: [{ count: 0 }, { sku: 1, count: 2 }], typo: 1 });
    expect(issues.map(({ path }) => path).sort()).toEqual([
      '/a~1b~0c',
      '/lines/0/count',
      '/lines/0/sku',
      '/title',
      '/typo',
    ]);
    expect(issues).toContainEqual({ path: '/title', message: 'is missing' });
    expect(issues).toContainEqual({ path: '/typo', message: 'is not known' });
    expect(await issuesOf(schema, [])).toEqual([{ path: '', message: 'must be object' }]);
  });

  test('knows the keywords of 2020-12', async () => {
    const schema = { prefixItems: [{ type: 'string' }], unevaluatedItems: false };
    expect(await verdictOn(schema, ['a'])).toEqual({ verdict: 'fits' });
    expect((await verdictOn(schema, ['a', 'b'])).verdict).toBe('misfit');
  });

  test('with a hundred thousand faults gets twenty, none longer than a line', async () => {
    const found = await verdictOn({ items: { type: 'string' } }, Array(100_000).fill(1));
    expect(found).toMatchObject({ verdict: 'misfit', total: 100_000 });
    expect(found.verdict === 'misfit' && found.issues).toHaveLength(20);
    const [issue] = await issuesOf({ additionalProperties: false }, { ['x'.repeat(500_000)]: 1 });
    expect(JSON.stringify(issue).length).toBeLessThan(300);
  });
});

describe('a schema that holds up the process', () => {
  const branching = {
    $ref: '#/$defs/n',
    $defs: { n: { anyOf: [1, 2].map(() => ({ items: { $ref: '#/$defs/n' }, maxItems: 1, minItems: 1 })) } },
  };
  const nested = JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`);
  test.each([
    ['a pattern that backtracks', { pattern: '^(a+)+$' }, `${'a'.repeat(60)}!`],
    [
      'items compared with each other',
      { uniqueItems: true },
      Array.from({ length: 60_000 }, (_, n) => ({ n })),
    ],
    ['references that branch', branching, nested],
    ['a reference that leads to itself', { $ref: '#' }, {}],
    ['such a one among others', { allOf: [{ type: 'object' }, { $dynamicRef: '#' }] }, {}],
  ])('is ended: %s', async (_name, schema, payload) => {
    const started = performance.now();
    expect(await verdictOn(schema, payload)).toEqual({ verdict: 'too_slow' });
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});

describe('compiled schemas', () => {
  test('are loaded once for a version, and the oldest of many are dropped', async () => {
    const checks = createPayloadChecks(bounded);
    const loaded: number[] = [];
    const check = (version: number) =>
      checks.check(
        'a',
        version,
        async () => {
          loaded.push(version);
          return { const: version };
        },
        version,
      );
    for (const version of [1, 2, 1, 2]) expect(await check(version)).toEqual({ verdict: 'fits' });
    expect(loaded).toEqual([1, 2]);
    for (let version = 3; version <= 201; version++) {
      await check(version);
      await check(1);
    }
    await check(1);
    await check(2);
    expect(loaded.slice(-2)).toEqual([201, 2]);
  });

  test('are not remembered where loading failed', async () => {
    const checks = createPayloadChecks(bounded);
    const away = checks.check('a', 1, () => Promise.reject(new Error('away')), 1);
    await expect(away).rejects.toThrow('away');
    expect((await checks.check('a', 1, async () => ({ type: 'string' }), 1)).verdict).toBe('misfit');
  });
});
