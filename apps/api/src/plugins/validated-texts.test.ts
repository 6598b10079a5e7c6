import { ID_PATTERNS } from '@agenthook/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { InjectOptions } from 'fastify';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
afterAll(() => env?.close());

describe('a text for people', () => {
  const refusals = async (text: string) => {
    const asked: InjectOptions[] = [
      { url: '/api/agents', payload: { name: text } },
      { url: '/api/agents', payload: { name: 'a', description: text } },
      { url: '/api/agents', payload: { name: 'a', model: `openai:${text}` } },
      {
        url: '/api/agents',
        payload: { name: 'a', tools: [{ type: 'memory', name: 'm', description: text }] },
      },
      { url: '/api/keys', payload: { name: text, role: 'viewer' } },
      { url: `/api/agents/agt_none/documents?name=${encodeURIComponent(text)}`, payload: 'a text' },
    ];
    const answers = [];
    for (const options of asked) {
      const headers = typeof options.payload === 'string' ? { 'content-type': 'text/plain' } : {};
      const answer = await env.admin({ method: 'POST', headers, ...options });
      answers.push(answer.statusCode === 400 && answer.json().code === 'invalid_request');
    }
    return answers;
  };

  test.each(['a\u001b[31m', 'a\u0000', 'a\u009b31m', 'a\u202eb', '\u007f'])(
    'has no control characters: %j',
    async (text) => {
      expect(await refusals(text)).toEqual(Array(6).fill(true));
    },
  );

  test.each(['a\ud83d', '\udc69a'])('has no half characters in a line: %j', async (text) => {
    const asked = [
      { url: '/api/agents', payload: { name: text } },
      { url: '/api/agents', payload: { name: 'a', model: `openai:${text}` } },
      { url: '/api/keys', payload: { name: text, role: 'viewer' } },
      { url: '/api/pause', payload: { scope: 'installation', note: text } },
      { url: '/api/pause', payload: { scope: 'provider', provider: `openai:${text}` } },
    ];
    for (const { url, payload } of asked) {
      // Escaped, as a body in UTF-8 cannot contain one.
      const headers = { 'content-type': 'application/json' };
      const answer = await env.admin({ method: 'POST', url, headers, payload: JSON.stringify(payload) });
      expect([url, answer.statusCode, answer.json().code]).toEqual([url, 400, 'invalid_request']);
    }
  });

  test('may have lines if it is prose, and the letters of any language', async () => {
    const payload = { name: 'Zoë 日本 👩‍🚀', description: 'One line\n\tand another.\r\n' };
    const made = await env.admin({ method: 'POST', url: '/api/agents', payload });
    expect(made.statusCode).toBe(201);
    const lines = await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a\nb' } });
    expect(lines.json().errors).toEqual([
      {
        path: '/name',
        message: 'must contain a visible character, and no control characters, line ends or half characters',
      },
    ]);
  });
});

test('every pattern of a schema takes linear time', () => {
  const patterns = new Set<string>();
  const collect = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return;
    for (const [key, item] of Object.entries(value)) {
      if (key === 'pattern' && typeof item === 'string') patterns.add(item);
      if (key === 'patternProperties') for (const name of Object.keys(item)) patterns.add(name);
      collect(item);
    }
  };
  collect(env.app.swagger());
  for (const pattern of Object.values(ID_PATTERNS)) patterns.add(pattern);
  expect(patterns.size).toBeGreaterThan(12);
  /** Milliseconds, the least of several tries, because others use the machine too. */
  const time = (regex: RegExp, text: string) =>
    Math.min(
      ...Array.from({ length: 5 }, () => {
        const began = performance.now();
        regex.test(text);
        return performance.now() - began;
      }),
    );
  const slow: unknown[] = [];
  for (const pattern of patterns) {
    const regex = new RegExp(pattern, 'u');
    for (const unit of [' ', 'a', '-', '\u001b', 'a ', '=', '/']) {
      for (const start of ['', 'whsec_', 'http://', 'agt_', 'a']) {
        const text = (n: number) => `${start}${unit.repeat(n)}\u0000`;
        const [short, long] = [time(regex, text(10_000)), time(regex, text(40_000))];
        // Four times the text. Quadratic would be sixteen times the time, of at least tens of milliseconds.
        if (long > 5 && long > 10 * short) slow.push([pattern, unit, short, long]);
      }
    }
  }
  expect(slow).toEqual([]);
});
