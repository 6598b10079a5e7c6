import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Arena, startArena } from './arena.js';
import { ATTACK_MS, attack, repeatedly, times, withKey } from './wire.js';

/** Payloads, and templates over them, from callers with a URL or with permission to test an agent. */

let arena: Arena;
beforeAll(async () => {
  arena = await startArena('requests');
});
afterAll(() => arena?.stop());

describe('bodies that are large, or have many members', () => {
  test.each<[string, () => string]>([
    ['95,000 keys', () => `{${times(95_000, (n) => `"k${n}":0`).join()}}`],
    ['keys that are numbers', () => `{${times(90_000, (n) => `"${n * 7919}":0`).join()}}`],
    ['340,000 empty lists', () => `[${times(340_000, () => '[]').join()}]`],
    ['a million opening brackets', () => '['.repeat(1_000_000)],
    ['170,000 escapes', () => `"${'\\u0041'.repeat(170_000)}"`],
    ['a million spaces', () => `{"a":${' '.repeat(1_040_000)}1}`],
    ['a long number', () => `{"a":1${'0'.repeat(1_040_000)}}`],
  ])('%s, on four connections', async (name, make) => {
    const { id } = await arena.stack.createAgent({ name: 'Target', limits: { max_pending: 3 } });
    const { token } = await arena.stack.mintWebhook(id);
    const body = make();
    await arena.beside(name, 'trigger', () =>
      Promise.all(
        times(4, () =>
          repeatedly(ATTACK_MS, async () => {
            const { status } = await attack(arena.stack, 'POST', `/api/webhooks/agents/${token}`, { body });
            expect([200, 400, 413, 422, 429]).toContain(status);
          }),
        ),
      ),
    );
  });

  test('a form of 500,000 fields', async () => {
    const { id } = await arena.stack.createAgent({ name: 'Target' });
    const { token } = await arena.stack.mintWebhook(id);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const body of ['&'.repeat(1_000_000), 'a=&'.repeat(340_000), `a=${'%41'.repeat(340_000)}`]) {
      await arena.beside(`a form: ${body.slice(0, 6)}…`, 'trigger', () =>
        repeatedly(ATTACK_MS, async () => {
          const path = `/api/webhooks/agents/${token}`;
          const { status } = await attack(arena.stack, 'POST', path, { body, headers });
          expect([200, 400, 413, 429]).toContain(status);
        }),
      );
    }
  });
});

describe('templates in a preview', () => {
  const MIB = 'a '.repeat(500_000);
  const rows = (count: number) => times(count, (n) => ({ n, name: `row ${n}` }));
  test.each<[string, string, unknown]>([
    ['a range of 19 million', '{% for i in (1..payload.n) %}{% endfor %}', { n: 19_000_000 }],
    ['a range that is only assigned', '{% assign a = (1..payload.n) %}{{ a | size }}', { n: 19_000_000 }],
    ['where_exp over 20,000 rows', '{{ payload.rows | where: "n", 1 | size }}', { rows: rows(20_000) }],
    [
      'where_exp from the payload',
      '{{ payload.rows | where_exp: "i", payload.e }}',
      { rows: rows(9_000), e: 'i.n == 1 or i.n == 2 or i.n == 3 or i.n == 4' },
    ],
    ['sort_natural of 60,000', '{{ payload.rows | sort_natural: "name" | size }}', { rows: rows(20_000) }],
    ['sort_natural of 500,000 words', '{{ payload.s | split: " " | sort_natural | size }}', { s: MIB }],
    [
      'nested loops',
      '{% for a in payload.rows %}{% for b in payload.rows %}{{ b.n }}{% endfor %}{% endfor %}',
      { rows: rows(9_000) },
    ],
    [
      'a text that doubles',
      `{% assign s = payload.s %}${'{% assign s = s | append: s %}'.repeat(30)}{{ s | size }}`,
      { s: 'x' },
    ],
    [
      'a list that doubles',
      `{% assign s = payload.s %}${'{% assign s = s | concat: s %}'.repeat(30)}{{ s | size }}`,
      { s: [1] },
    ],
    ['strip_html of opening brackets', '{{ payload.s | strip_html | size }}', { s: '<'.repeat(900_000) }],
    ['strip_html of comments', '{{ payload.s | strip_html | size }}', { s: '<!--<script'.repeat(80_000) }],
    [
      'strip of spaces',
      '{{ payload.s | strip | lstrip | rstrip | size }}',
      { s: `${' '.repeat(450_000)}x${' '.repeat(450_000)}x` },
    ],
    ['truncatewords of spaces', '{{ payload.s | truncatewords: 3 }}', { s: ' '.repeat(900_000) }],
    ['replace that grows', '{{ payload.s | replace: "a", payload.s | size }}', { s: 'a'.repeat(30_000) }],
    ['uniq of 100,000', '{{ payload.l | uniq | size }}', { l: times(100_000, (n) => ({ n })) }],
    ['a long date format', '{{ "now" | date: payload.f | size }}', { f: '%c'.repeat(400_000) }],
    ['a padded date', '{{ "now" | date: payload.f | size }}', { f: '%99999999d' }],
    ['a padded date, many times', '{{ "now" | date: payload.f | size }}', { f: '%9999999d'.repeat(100) }],
    [
      'json of a large payload',
      '{% for i in (1..40) %}{{ payload | json }}{% endfor %}',
      { l: times(90_000, (n) => n) },
    ],
    ['an endless table row', '{% tablerow i in (1..payload.n) %}{% endtablerow %}', { n: 19_000_000 }],
    ['slugify', '{{ payload.s | slugify }}', { s: 'a-'.repeat(450_000) }],
    ['a number of many digits', '{{ payload.s | plus: 1 | round: 999999 }}', { s: `1e${'9'.repeat(100)}` }],
  ])('%s', async (name, template, payload) => {
    const { stack } = arena;
    const { id } = await stack.createAgent({ name: 'Preview', model: 'sandbox:echo' });
    const body = { input_template: template, payload };
    const answer = await arena.beside(`preview: ${name}`, 'trigger', () =>
      attack(stack, 'POST', `/api/agents/${id}/preview`, { body, headers: withKey(stack) }),
    );
    expect([200, 400, 413, 422, 503]).toContain(answer.status);
  });
});
