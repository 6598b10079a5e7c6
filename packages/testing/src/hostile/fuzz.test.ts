import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Arena, startArena } from './arena.js';
import { ATTACKER, times, withKey } from './wire.js';

/** Every route of the description with requests that no one should send: no answer is an internal error. */

const REQUESTS = 240;
const PARALLEL = 4;
/** The longest wait that a request asks for is a second; an answer after this is one that never came. */
const ANSWER_MS = 60_000;

let arena: Arena;
beforeAll(async () => {
  arena = await startArena('fuzz');
});
afterAll(() => arena?.stop());

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const ODD_TEXTS = [
  '',
  ' ',
  '0',
  '-1',
  '1e999',
  'null',
  '[]',
  '{}',
  '..',
  '../..',
  '%00',
  '\u0000',
  '\u001b[31m',
  '\ud800',
  '\u202e',
  'é'.repeat(40),
  ':',
  '*',
  '{agenthook}',
  '__proto__',
  'constructor',
  "'; DROP TABLE x; --",
  '{{ 1 | divided_by: 0 }}',
  '{% raw %}',
  'a'.repeat(3_000),
  '9'.repeat(400),
  '2026-13-45T99:99:99Z',
  '0001-01-01T00:00:00Z',
  'agt_',
  'whk_',
  '00000000-0000-8000-8000-000000000000',
];
const ODD_VALUES: unknown[] = [
  ...ODD_TEXTS,
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  [],
  {},
  [[[[]]]],
  { a: { b: null } },
  [null],
];
const ODD_BODIES = [
  '',
  '{',
  'null',
  '0',
  '"x"',
  '[]',
  '{"a":1,"a":2}',
  '{"__proto__":{}}',
  '\ufeff{}',
  '\u0000',
  '[1,]',
  `${'['.repeat(500)}${']'.repeat(500)}`,
];
const TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'application/pdf',
  ';',
  'a/b',
];
const ODD_HEADERS: [string, string[]][] = [
  ['if-match', ['*', '"1"', '"-1"', 'x', '"9999999999999999999"']],
  ['if-none-match', ['*', '"x"', 'W/"x"']],
  ['idempotency-key', ['x', ' ', 'a:b', 'x'.repeat(256), 'é']],
  ['last-event-id', ['0', '-', '99999999999999999999-0', 'x', '0-0']],
  ['cookie', ['agenthook_session=x', 'agenthook_session=', ';;;', 'a=b; agenthook_session="%00"']],
  ['accept', ['text/event-stream', 'text/html', '*/*;q=0', '']],
  ['origin', ['null', 'https://evil.example', 'x']],
  ['prefer', ['wait=1', 'wait=x', 'respond-async']],
  ['x-forwarded-for', ['::', 'x', '1.2.3.4, 5.6.7.8', '']],
  ['x-forwarded-host', ['evil.example', '[', '']],
  ['traceparent', ['00-0-0-0', 'x', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`]],
  ['content-encoding', ['gzip', 'br', 'x']],
  ['range', ['bytes=0-1']],
  ['expect', ['100-continue', 'x']],
];

interface Operation {
  method: string;
  path: string;
  /** The names of its body's fields. */
  fields: string[];
  query: string[];
}

interface Description {
  paths: Record<
    string,
    Record<string, { parameters?: { name: string; in: string }[]; requestBody?: unknown }>
  >;
}

function operationsOf({ paths }: Description): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      fields: [
        ...new Set(
          [...JSON.stringify(requestBody ?? {}).matchAll(/"([a-z_]{2,30})":/g)].map(([, name = '']) => name),
        ),
      ],
      query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
    })),
  );
}

test('no route answers odd ids, bodies and headers with an internal error', async () => {
  const { stack } = arena;
  const { id } = await stack.createAgent({
    name: 'Fuzzed',
    model: 'sandbox:echo',
    allow_get: true,
    output_schema: { type: 'object' },
  });
  const { token } = await stack.mintWebhook(id);
  const task = (await stack.trigger(token, {})).body.task_id;
  const { body: description } = await stack.request<Description>('GET', '/openapi.json');
  const operations = operationsOf(description);
  expect(operations.length).toBeGreaterThan(25);

  const random = randomFrom(20261129);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const chance = (share: number) => random() < share;
  const idFor = (path: string) => (path.includes('webhooks') ? token : path.includes('/tasks/') ? task : id);

  const oddRequest = ({ method, path, fields, query }: Operation) => {
    const target = path.replace(/\{\w+\}/g, () =>
      chance(0.4) ? idFor(path) : encodeURIComponentOf(pick(ODD_TEXTS)),
    );
    const asked = [...query, 'x', 'wait']
      .filter(() => chance(0.5))
      .map((name) => `${name}=${encodeURIComponentOf(pick(ODD_TEXTS))}`);
    const headers: Record<string, string> = {
      'x-forwarded-for': ATTACKER,
      ...(chance(0.8) && withKey(stack)),
    };
    for (const [name, values] of ODD_HEADERS)
      if (chance(0.15)) headers[name] = Buffer.from(pick(values)).toString('latin1');
    const hasBody = method !== 'GET' && chance(0.9);
    if (hasBody) headers['content-type'] = chance(0.8) ? 'application/json' : pick(TYPES);
    const object = Object.fromEntries(
      fields.filter(() => chance(0.3)).map((name) => [name, pick(ODD_VALUES)]),
    );
    const body = chance(0.6)
      ? JSON.stringify(object)
      : pick([...ODD_BODIES, ...ODD_VALUES.map((value) => JSON.stringify(value))]);
    return {
      method,
      url: `${stack.url}${target}${asked.length > 0 ? `?${asked.join('&')}` : ''}`,
      headers,
      body: hasBody ? body : undefined,
    };
  };

  const faults: string[] = [];
  let answered = 0;
  const ask = async (operation: Operation) => {
    // An agent, key or session created by this would interfere.
    const { method, url, headers, body } = oddRequest(operation);
    const signal = AbortSignal.timeout(ANSWER_MS);
    const answer = await fetch(url, {
      method,
      headers,
      signal,
      redirect: 'manual',
      ...(body !== undefined && { body }),
    }).catch((error: Error) => error);
    if (answer instanceof Error) {
      if (answer.name === 'TimeoutError') faults.push(`no answer: ${method} ${url}`);
      return; // Otherwise this side's own fetch refused to send it.
    }
    answered++;
    const type = answer.headers.get('content-type') ?? '';
    const text = type.includes('event-stream') ? '' : await answer.text().catch(() => '');
    if (type.includes('event-stream')) await answer.body?.cancel();
    const what = `${method} ${url.slice(stack.url.length, stack.url.length + 120)} ${body?.slice(0, 200)}: ${answer.status} ${text.slice(0, 200)}`;
    if (answer.status >= 500) faults.push(what);
    if (answer.status >= 400 && !type.includes('application/problem+json'))
      faults.push(`no problem: ${what}`);
  };
  await arena.beside('every route, with odd ids, bodies and headers', 'run', () => {
    const others = operations.filter(
      ({ method, path }) => !(method === 'DELETE' && path === '/api/agents/{id}'),
    );
    let left = REQUESTS;
    return Promise.all(
      times(PARALLEL, async () => {
        while (left-- > 0) await ask(pick(others));
      }),
    );
  });
  expect(faults.slice(0, 10)).toEqual([]);
  // The rest is refused by this side's own fetch.
  expect(answered).toBeGreaterThan(REQUESTS / 2);
  expect(stack.logs()).not.toMatch(/request failed|a run threw|unhandled|uncaught/i);
});

/** Also for texts that are not valid Unicode. */
function encodeURIComponentOf(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString('utf8')) || '%20';
}
