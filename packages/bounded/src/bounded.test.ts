import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createBounded } from './index.js';

const bounded = createBounded();
afterAll(() => bounded.close());
const caller = { key: 'agt_1' };
const render = (source: string, payload: unknown, key = 'agt_1') =>
  bounded.renderTemplate({ source, variables: { payload }, fence: 'd' }, { key });

/** Runs work. Returns its outcome and how often the event loop turned in the meantime. */
async function besideTicks<T>(work: Promise<T>): Promise<{ outcome: T; ticks: number }> {
  let ticks = 0;
  const ticking = setInterval(() => {
    ticks += 1;
  }, 1);
  const outcome = await work;
  clearInterval(ticking);
  return { outcome, ticks };
}

const LOOP = '{% for item in payload.items %}{{ item }} {% endfor %}';
const items = (count: number) => ({
  items: Array.from({ length: count }, (_, n) => `some words of item ${n}`),
});

describe('a template', () => {
  test('gives the same result on the event loop and in a helper', async () => {
    expect(await render('{{ payload.a }}{{ payload.b }}', { a: 'x', b: 'y' })).toEqual({
      outcome: 'rendered',
      text: '<d>x</d><d>y</d>',
    });
    expect(await render(LOOP, { items: ['x', 'y'] })).toEqual({
      outcome: 'rendered',
      text: '<d>x</d> <d>y</d> ',
    });
  });

  test('over a large payload does not block the event loop', async () => {
    const { outcome, ticks } = await besideTicks(render(LOOP, items(20_000)));
    expect(outcome).toMatchObject({ outcome: 'rendered' });
    expect(ticks).toBeGreaterThan(20);
  });

  test.each([
    [
      'a range whose length comes from the payload',
      '{% for i in (1..payload.n) %}{{ i }}{% endfor %}',
      { n: 19_000_000 },
    ],
    [
      'a text inserted between all characters',
      '{{ payload.a | replace: "", payload.b }}',
      { a: 'a'.repeat(9_000), b: 'b'.repeat(9_000) },
    ],
    [
      'a text that doubles',
      '{% assign a = payload.a %}{% for i in (1..40) %}{% assign a = a | append: a %}{% endfor %}',
      { a: 'a' },
    ],
    ['nested loops', '{% for a in (1..9999) %}{% for b in (1..9999) %}{{ b }}{% endfor %}{% endfor %}', {}],
  ])('is ended: %s', async (_what, source, payload) => {
    expect(['fault', 'too_slow', 'too_large']).toContain((await render(source, payload)).outcome);
  });

  test.each(['where_exp', 'find_exp', 'find_index_exp', 'reject_exp', 'has_exp', 'group_by_exp'])(
    'may not run text as code with %s',
    async (filter) => {
      const rendered = await render(`\n{{ payload | ${filter}: "i", payload.code }}`, {});
      expect(rendered).toMatchObject({
        outcome: 'fault',
        issue: {
          line: 2,
          message: expect.stringContaining(`${filter.slice(0, -4)} with the name of a property`),
        },
      });
    },
  );
});

describe('a check', () => {
  const backtracking = { pattern: '^(a+)+$' };

  test('that would never end is ended, while the event loop keeps turning', async () => {
    const { outcome, ticks } = await besideTicks(bounded.check(backtracking, `${'a'.repeat(60)}!`, caller));
    expect(['too_slow', 'starved']).toContain(outcome.outcome);
    expect(ticks).toBeGreaterThan(20);
  });

  test('of another caller does not wait for endless work', async () => {
    const enough = new AbortController();
    const { signal } = enough;
    const hostile = Array.from({ length: 10 }, () =>
      bounded.check(backtracking, `${'a'.repeat(60)}!`, { key: 'hostile', signal }),
    );
    let ended = 0;
    for (const each of hostile) void each.then(() => (ended += 1));
    await sleep(50);
    expect(await bounded.check(backtracking, 'aaa', { key: 'honest' })).toEqual({ outcome: 'fits' });
    expect(ended).toBeLessThan(5);
    enough.abort();
    await Promise.all(hostile);
  });

  test('that gives up waiting is starved, and so is everything after the close', async () => {
    const signal = AbortSignal.timeout(20);
    expect(await bounded.check(backtracking, `${'a'.repeat(60)}!`, { key: 'a', signal })).toEqual({
      outcome: 'starved',
    });
    const closed = createBounded();
    closed.close();
    expect(await closed.check(backtracking, 'a', caller)).toEqual({ outcome: 'starved' });
  });

  test('that nests too deeply is ended', async () => {
    const text = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const schema = { items: { $ref: '#' } };
    const limit = expect.stringMatching(/^(too_large|too_slow)$/);
    expect(await bounded.checkText(schema, text, caller)).toEqual({ outcome: limit });
    expect(await bounded.check(schema, JSON.parse(text), caller)).toEqual({ outcome: limit });
  });

  test('of a text distinguishes JSON from other text', async () => {
    const schema = { type: 'object', required: ['a'] };
    expect(await bounded.checkText(schema, '{"a":1}', caller)).toEqual({ outcome: 'fits', value: { a: 1 } });
    expect(await bounded.checkText(schema, '{a}', caller)).toEqual({ outcome: 'not_json' });
    const large = JSON.stringify({ a: 'x'.repeat(300_000) });
    expect(await bounded.checkText(schema, large, caller)).toMatchObject({ outcome: 'fits' });
    expect(await bounded.checkText(schema, large.slice(1), caller)).toEqual({ outcome: 'not_json' });
  });
});

describe('a large payload', () => {
  const how = { from: { contentType: 'application/json' }, schema: undefined, names: ['id'] };
  const keys = Object.fromEntries(Array.from({ length: 95_000 }, (_, n) => [`k${n}`, n % 10]));

  test('with very many keys does not block the event loop, and comes back unchanged', async () => {
    const text = JSON.stringify({ id: 'evt_1', ...keys });
    const { outcome, ticks } = await besideTicks(bounded.readLargePayload(Buffer.from(text), how, caller));
    expect(outcome).toMatchObject({ outcome: 'read', json: text, properties: { id: 'evt_1' } });
    expect(ticks).toBeGreaterThan(5);
  });

  test('waits for no masks of other agents', async () => {
    const text = JSON.stringify({ text: 'some words '.repeat(90_000) });
    const patterns = Array.from({ length: 10 }, (_, n) => `(?i)w[a-z]{1,30}${n}`);
    const mask = async (json: string, key: string) =>
      (await bounded.maskJson({ pointers: [], patterns }, json, { key })).outcome;
    const payload = Buffer.from(JSON.stringify({ text: 'x'.repeat(100_000) }));
    const read = async () => (await bounded.readLargePayload(payload, how, caller)).outcome;
    // The helpers have started.
    expect([await mask('""', 'agt_masks'), await read()]).toEqual(['masked', 'read']);
    const masks = Array.from({ length: 4 }, (_, n) => mask(text, `agt_masks_${n}`));
    // They have had their slices of the short lane.
    await sleep(300);
    expect(await Promise.race([...masks, read()])).toBe('read');
    expect(await Promise.all(masks)).toEqual(Array.from(masks, () => 'masked'));
  });

  test('gives short texts and numbers, also from inside, and nothing else', async () => {
    const payload = { at: 7, event: { id: 'E1', big: 'x'.repeat(70_000) }, list: [{ id: 'L1' }] };
    const names = ['at', 'event.id', 'event.big', 'event', 'list.0.id', 'none.id'];
    const read = await bounded.readLargePayload(
      Buffer.from(JSON.stringify(payload)),
      { ...how, names },
      caller,
    );
    expect(read).toMatchObject({
      properties: { at: 7, event: { id: 'E1' }, list: { 0: { id: 'L1' } } },
    });
    expect(JSON.stringify((read as { properties: object }).properties).length).toBeLessThan(100);
  });

  test('gives a property of each item of a list, in its place', async () => {
    const list = Array.from({ length: 1_200 }, (_, n) =>
      n === 1 ? {} : { a: { id: `L${n}` }, more: 'x'.repeat(60) },
    );
    const names = ['list.*.a.id', 'none.*.id', 'list.*.more.*.x'];
    const body = Buffer.from(JSON.stringify({ list }));
    const read = await bounded.readLargePayload(body, { ...how, names }, caller);
    const { list: found } = (read as { properties: object }).properties as { list: unknown[] };
    expect(found.slice(0, 3)).toEqual([{ a: { id: 'L0' } }, {}, { a: { id: 'L2' } }]);
    expect(found).toHaveLength(1_001);
  });

  test('is kept as sent, without a byte order mark, and refused as a small one is', async () => {
    const spaced = `{ "a" : "${'ü'.repeat(70_000)}", "n": 1.0 }`;
    const marked = Buffer.from(`\uFEFF${spaced}`);
    expect(await bounded.readLargePayload(Buffer.from(spaced), how, caller)).toMatchObject({ json: spaced });
    expect(await bounded.readLargePayload(marked, how, caller)).toMatchObject({
      outcome: 'read',
      json: spaced,
    });
    expect(await bounded.readLargePayload(Buffer.from(spaced.slice(2)), how, caller)).toMatchObject({
      outcome: 'refused',
      code: 'invalid_json',
    });
  });

  test('as a form becomes an object', async () => {
    const form = Buffer.from(`a=${'x'.repeat(70_000)}&b=1`);
    expect(
      await bounded.readLargePayload(
        form,
        { ...how, from: { contentType: 'application/x-www-form-urlencoded' } },
        caller,
      ),
    ).toMatchObject({
      json: JSON.stringify({ a: 'x'.repeat(70_000), b: '1' }),
    });
  });

  test('is checked against a schema', async () => {
    const schema = { required: ['missing'] };
    expect(
      await bounded.readLargePayload(Buffer.from(JSON.stringify(keys)), { ...how, schema }, caller),
    ).toMatchObject({ outcome: 'read', checked: { outcome: 'misfit', total: 1 } });
  });
});
