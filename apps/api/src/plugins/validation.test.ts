import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ADMIN_KEY, testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
afterAll(() => env?.close());

/** Schemas are compiled when they are first used, so one that does not compile would be found by a caller. */
test.each([
  { what: 'a list as the body', query: '', payload: '[]' },
  { what: 'a query of nobody', query: '?limit=x&wait=x&format=x', payload: undefined },
])('no route has a fault of its own for $what', async ({ query, payload }) => {
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
])('a body of the type $type is not taken past its schema', async ({ type, payload }) => {
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
