import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
afterAll(() => env?.close());

test('a value that is none of a few is told which there are', async () => {
  const answer = await env.admin({ url: '/api/agents?sort=size' });
  expect(answer.json().errors).toEqual([
    { path: '/sort', message: 'must be one of newest, oldest, name, updated' },
  ]);
});

test('a mistyped query parameter is refused by name', async () => {
  for (const url of ['/api/tasks?agentid=a', '/api/agents?limit=2&order=name', '/api/keys?page=2']) {
    const answer = await env.admin({ url });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      {
        code: 'invalid_request',
        detail: expect.stringMatching(/(agentid|order|page) is not a known parameter/),
      },
    ]);
  }
});

test('every route refuses a query parameter that it does not know, but for URLs that others call', async () => {
  interface Operation {
    parameters?: { in: string; name: string; required?: boolean }[];
    requestBody?: { content: Record<string, { examples?: Record<string, { value: object }> }> };
  }
  const { paths } = (await env.app.inject('/openapi.json')).json() as {
    paths: Record<string, Record<string, Operation>>;
  };
  const isNeeded = (parameter: { in: string; required?: boolean }) =>
    parameter.in === 'query' && parameter.required;
  const accepted: unknown[] = [];
  let asked = 0;
  for (const [path, methods] of Object.entries(paths)) {
    if (!path.startsWith('/api/') || path.includes('{token}')) continue;
    const url = `${path.replace(/\{(version|index)\}/, '1').replace(/\{\w+\}/g, 'x')}?unknown_parameter=1`;
    for (const [method, { requestBody, parameters = [] }] of Object.entries(methods)) {
      const [example] = Object.values(requestBody?.content['application/json']?.examples ?? {});
      const answer = await env.admin({
        method: method.toUpperCase() as 'GET',
        url:
          url +
          parameters
            .filter(isNeeded)
            .map(({ name }) => `&${name}=2026-01-01T00:00:00Z`)
            .join(''),
        ...(example && { payload: example.value }),
        ...(path.endsWith('/documents') &&
          method === 'post' && { payload: 'a', headers: { 'content-type': 'text/plain' } }),
      });
      asked++;
      if (answer.statusCode !== 400 || !/unknown_parameter is not a known parameter/.test(answer.body))
        accepted.push([method, path, answer.statusCode, answer.body.slice(0, 200)]);
    }
  }
  expect(asked).toBeGreaterThan(60);
  expect(accepted).toEqual([]);
});
