import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { ADMIN_KEY, testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
afterAll(() => env?.close());

/** Every operation of the description, with a possible id in its URL. */
async function operations(): Promise<{ method: 'GET'; url: string; takesBody: boolean }[]> {
  const { paths } = (await env.app.inject('/openapi.json')).json() as {
    paths: Record<string, Record<string, { requestBody?: object }>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { requestBody }]) => ({
      method: method.toUpperCase() as 'GET',
      url: path.replace(/\{\w+\}/g, 'agt_none'),
      takesBody: requestBody !== undefined,
    })),
  );
}

/** Whether an answer is small, whatever it quotes: at most twenty errors, and their number. */
const isBounded = (answer: LightMyRequestResponse): boolean => {
  if (answer.statusCode < 400) return true;
  const { errors = [], errors_total = 0 } = answer.json();
  return answer.body.length < 16_000 && errors.length <= 20 && errors_total >= errors.length;
};

const fields = (count: number, name: string) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [`${name}${n}`, 1])));

test.each([
  ['ninety thousand unknown fields', fields(90_000, 'f')],
  ['few fields of long names', fields(3, 'x'.repeat(300_000))],
  ['nine hundred unknown fields', fields(900, 'f')],
  ['a quarter of a million items', JSON.stringify(Array(250_000).fill(1))],
  ['lists in lists', '['.repeat(100_000) + ']'.repeat(100_000)],
  ['objects in objects', `${'{"payload":'.repeat(7_000)}1${'}'.repeat(7_000)}`],
])('no route answers more than twenty errors to %s', async (_what, payload) => {
  const unbounded: unknown[] = [];
  for (const { takesBody, ...route } of await operations()) {
    if (!takesBody) continue;
    const headers = { 'content-type': 'application/json' };
    const answer = await env.admin({ ...route, headers, payload });
    if (!isBounded(answer) || answer.statusCode >= 500)
      unbounded.push([route.method, route.url, answer.statusCode, answer.body.slice(0, 300)]);
  }
  expect(unbounded).toEqual([]);
});

test('a body with more members than any agent has is refused before it is parsed', async () => {
  const ask = (members: number) => {
    const payload = `{"system_prompt":${JSON.stringify(':{'.repeat(50_000))},"x":${fields(members - 2, 'f')}}`;
    const headers = { 'content-type': 'application/json' };
    return env.admin({ method: 'POST', url: '/api/agents', headers, payload });
  };
  expect((await ask(30_000)).json()).toMatchObject({ status: 400, code: 'invalid_request' });
  const refused = (await ask(30_001)).json();
  expect(refused).toMatchObject({ status: 413, code: 'payload_too_large' });
  expect(refused.detail).toBe('The body has more than 30000 members.');
});

test('no route answers more than twenty errors to a query of thousands of parameters', async () => {
  const query = `?${[
    'status',
    'agent_id',
    'limit',
    'cursor',
    'wait',
    'task_id',
    'from',
    'name',
    'last_event_id',
  ]
    .map((name) => `${name}=%20&`.repeat(100))
    .join('')}${'a&'.repeat(1_500)}`;
  const unbounded: unknown[] = [];
  for (const { takesBody: _, ...route } of await operations()) {
    const answer = await env.admin({ ...route, url: route.url + query });
    if (!isBounded(answer) || answer.statusCode === 500)
      unbounded.push([route.method, route.url, answer.statusCode, answer.body.slice(0, 300)]);
  }
  expect(unbounded).toEqual([]);
});

describe('checking', () => {
  const send = (options: InjectOptions) => env.app.inject({ method: 'POST', ...options });

  test('stops at the first error on public routes', async () => {
    const payload = JSON.parse(fields(200, 'f'));
    const answer = await send({ url: '/api/session', payload });
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid_request', errors_total: 1 });
    expect(answer.json().errors).toHaveLength(1);
  });

  test('checks the body limit first', async () => {
    const answer = await send({
      url: '/api/session',
      headers: { 'content-type': 'application/json' },
      payload: fields(90_000, 'field'),
    });
    expect(answer.json()).toMatchObject({
      status: 413,
      code: 'payload_too_large',
      detail: 'The body may have at most 4 KiB.',
    });
  });

  test('reports all errors of a small body behind a key, and the first of a large one', async () => {
    const small = await env.admin({
      method: 'POST',
      url: '/api/agents',
      payload: { ...JSON.parse(fields(30, 'f')), limits: { max_steps: 0 } },
    });
    // The missing name, the unknown fields and the number.
    expect(small.json()).toMatchObject({ status: 400, errors_total: 32 });
    expect(small.json().errors).toHaveLength(20);
    const large = await env.admin({
      method: 'POST',
      url: '/api/agents',
      payload: { name: 'a', fallback_models: Array(250_000).fill(7) },
    });
    expect(large.json()).toMatchObject({
      status: 400,
      errors: [{ path: '/fallback_models', message: 'must NOT have more than 5 items' }],
      errors_total: 1,
    });
  });
});

/** Schemas are compiled at first use, so a caller would find one that does not compile. */
test.each([
  { what: 'a list as the body', query: '', payload: '[]' },
  { what: 'a query of nobody', query: '?limit=x&wait=x&format=x', payload: undefined },
])('no route fails on $what', async ({ query, payload }) => {
  const { paths } = (await env.app.inject('/openapi.json')).json() as { paths: Record<string, object> };
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase() as 'GET',
      url: path.replace(/\{\w+\}/g, 'none') + query,
    })),
  );
  expect(routes.length).toBeGreaterThan(40);
  const answers: [string, number][] = [];
  for (const route of routes) {
    const headers = {
      authorization: `Bearer ${ADMIN_KEY}`,
      ...(payload !== undefined && { 'content-type': 'application/json' }),
    };
    const { statusCode } = await env.app.inject({
      ...route,
      headers,
      ...(payload !== undefined && { payload }),
    });
    answers.push([`${route.method} ${route.url}`, statusCode]);
  }
  expect(answers.filter(([, status]) => status === 500)).toEqual([]);
  expect(answers.filter(([, status]) => status === 400).length).toBeGreaterThan(10);
});

test.each([
  { type: undefined, payload: undefined },
  { type: 'text/plain', payload: '{"name":"Plain"}' },
  { type: 'application/x-www-form-urlencoded', payload: 'name=Form' },
  { type: 'application/json', payload: '"a text"' },
])('a body of type $type is not accepted past its schema', async ({ type, payload }) => {
  const answers = [];
  for (const [method, url] of [
    ['POST', '/api/agents'],
    ['PATCH', '/api/agents/none'],
    ['POST', '/api/agents/none/test'],
    ['POST', '/api/keys'],
    ['POST', '/api/session'],
  ] as const) {
    const answer = await env.admin({
      method,
      url,
      ...(type !== undefined && { headers: { 'content-type': type } }),
      ...(payload !== undefined && { payload }),
    });
    answers.push([url, answer.statusCode === 400 || answer.statusCode === 415]);
  }
  expect(answers.filter(([, isRefused]) => !isRefused)).toEqual([]);
});
