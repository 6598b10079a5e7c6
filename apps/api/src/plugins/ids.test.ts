import { afterAll, beforeAll, expect, test } from '@jest/globals';
import Fastify from 'fastify';
import { testApp } from '../../test/app.js';
import { registerIds } from './ids.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
afterAll(() => env?.close());

interface Operation {
  parameters?: { in: string; name: string }[];
}

/** Parameters that name no object: a list is empty if nothing has the id. */
const FILTERS = new Set(['id', 'conversation_id', 'last_event_id']);

/** Each operation with an id, and its URL as the description has it. */
async function operations(): Promise<{ method: string; path: string; queryIds: string[] }[]> {
  const { paths } = (await env.app.inject('/openapi.json')).json() as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { parameters = [] }]) => {
      const names = parameters.filter(({ in: place }) => place === 'query').map(({ name }) => name);
      const queryIds = names.filter((name) => /(^|_)id$/.test(name) && !FILTERS.has(name));
      const takesIds = /\{(?!token)/.test(path) || queryIds.length > 0;
      return takesIds ? [{ method: method.toUpperCase(), path, queryIds }] : [];
    }),
  );
}

/** Texts in a URL that are not an id of any kind. */
const NO_IDS = [
  'none%3Aversions',
  'agt_000000000000000000000000000%3Aversions',
  'agt_1%2Fwebhook',
  'agt_1%00',
  'agt_%C3%A9',
  '%7Bagenthook%7D',
  `agt_${'a'.repeat(450)}`,
];

/** What the query of each of these routes must have. */
const NEEDED: Record<string, string> = {
  'GET /api/tasks/histogram': 'from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&',
};

/** A body that each of these routes accepts. */
const BODIES: Record<string, object> = {
  'POST /api/tasks/{id}/share': { shows: 'status' },
  'POST /api/tasks/{id}/approvals/{call_id}': { decision: 'approve' },
  'POST /api/agents/{id}/test': { payload: {} },
  'POST /api/agents/{id}/preview': { payload: {} },
  'POST /api/agents/{id}/filter/test': { filter: null },
  'PUT /api/agents/{id}': { name: 'a' },
  'POST /api/agents/{id}/mcp-tools/accept': { tool: 'm', revision: 'r' },
};

test('an invalid id is unknown to every route, and gets no further', async () => {
  const routes = await operations();
  expect(routes.length).toBeGreaterThan(25);
  const wrong: unknown[] = [];
  const hold = async (name: string, options: { method: string; url: string; payload?: object }) => {
    const answer = await env.admin(options as never);
    const { code } = answer.statusCode === 404 ? answer.json() : { code: undefined };
    if (!/^unknown_(agent|task|api_key|document|rejection|delivery|\w+)$/.test(code ?? ''))
      wrong.push([name, options.url, answer.statusCode, code]);
  };
  for (const { method, path, queryIds } of routes) {
    const name = `${method} ${path}`;
    const payload = BODIES[name] ?? {};
    for (const id of NO_IDS) {
      const body = method === 'GET' || path.endsWith('/documents') ? {} : { payload };
      const query = path.endsWith('/documents') && method === 'POST' ? '?name=a' : '';
      if (/\{(?!token)/.test(path)) {
        const url = path.replace(/\{(version|index)\}/, '1').replace(/\{\w+\}/g, id) + query;
        await hold(name, { method, url, ...body });
      }
      for (const queryId of queryIds) {
        const url = path.replace(/\{\w+\}/g, 'agt_1');
        const asked = `${NEEDED[name] ?? ''}${queryId}=${id}`;
        await hold(`${name} ?${queryId}`, { method, url: `${url}?${asked}`, ...body });
      }
    }
  }
  expect(wrong).toEqual([]);
});

test('an id followed by a colon reaches nothing of an agent', async () => {
  const created = await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'Whole' } });
  const { id } = created.json();
  await env.admin({ method: 'PATCH', url: `/api/agents/${id}`, payload: { description: 'second' } });
  for (const part of ['versions', 'texts', 'notes', 'note-order', 'documents', 'rejections']) {
    const answers = [
      await env.admin({ method: 'DELETE', url: `/api/agents/${id}%3A${part}` }),
      await env.admin({ method: 'POST', url: `/api/agents/${id}%3A${part}/webhook` }),
      await env.admin({ url: `/api/agents/${id}%3A${part}` }),
    ];
    for (const answer of answers) expect(answer.json()).toMatchObject({ status: 404, code: 'unknown_agent' });
  }
  const { versions } = (await env.admin({ url: `/api/agents/${id}/versions` })).json();
  expect(versions).toHaveLength(2);
});

test("a sender's key never collides with the index of an agent", async () => {
  const agent = (await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'Keyed' } })).json();
  const minted = await env.admin({ method: 'POST', url: `/api/agents/${agent.id}/webhook` });
  for (const key of ['zz:PENDING', 'key:zz', `${agent.id}:PENDING`]) {
    const fired = await env.app.inject({
      method: 'POST',
      url: `/api/webhooks/agents/${minted.json().token}`,
      headers: { 'idempotency-key': key },
      payload: {},
    });
    expect(fired.statusCode).toBe(200);
    const found = await env.admin({ url: `/api/tasks?q=${encodeURIComponent(key)}` });
    expect(found.json().tasks).toMatchObject([{ task_id: fired.json().task_id, idempotency_key: key }]);
  }
  const odd = await env.admin({ url: '/api/tasks?agent_id=key:zz&status=PENDING' });
  expect(odd.json()).toMatchObject({ status: 404, code: 'unknown_agent' });
  const own = await env.admin({ url: `/api/tasks?agent_id=${agent.id}&status=PENDING` });
  expect(own.json().tasks).toHaveLength(3);
  const keys = await env.ctx.redis.keys('*:zz*');
  expect(keys).toEqual([]);
});

test('every list refuses a cursor that no answer returned', async () => {
  const agent = (await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'Listed' } })).json();
  for (const list of [
    '/api/agents',
    '/api/tasks',
    `/api/agents/${agent.id}/rejections`,
    `/api/agents/${agent.id}/callbacks`,
  ]) {
    for (const cursor of ['a%3Ab', '%00', '%5B', 'a'.repeat(500), '%C3%A9']) {
      const answer = await env.admin({ url: `${list}?cursor=${cursor}` });
      expect([list, cursor, answer.statusCode, answer.json().code]).toEqual([
        list,
        cursor,
        400,
        'invalid_request',
      ]);
    }
  }
});

test('a route with an unlisted kind of id is refused at startup', async () => {
  const app = Fastify();
  registerIds(app);
  expect(() => app.get('/api/things/:id', async () => ({}))).toThrow(
    '/api/things/:id: plugins/ids.ts does not know what :id identifies',
  );
  await app.close();
});

test('the id of an agent in a body has its form, or is refused at its place', async () => {
  const asked: [url: string, path: string, body: (agent_id: string) => object][] = [
    ['/api/pause', '/agent_id', (agent_id) => ({ scope: 'agent', agent_id })],
    ['/api/resume', '/agent_id', (agent_id) => ({ scope: 'agent', agent_id })],
    ['/api/tools/check', '/agent_id', (agent_id) => ({ tool: { type: 'memory', name: 'm' }, agent_id })],
    ['/api/bulk', '/agent_id', (agent_id) => ({ action: 'accept', ids: ['rej_1'], agent_id })],
    ['/api/bulk', '/filter/agent_id', (agent_id) => ({ action: 'resend', filter: { agent_id } })],
    ['/api/bulk/count', '/filter/agent_id', (agent_id) => ({ action: 'cancel', filter: { agent_id } })],
  ];
  for (const [url, path, body] of asked) {
    for (const id of ['', 'a:b', 'agt_1 agt_2', '{agenthook}', `agt_${'a'.repeat(450)}`]) {
      const answer = await env.admin({ method: 'POST', url, payload: body(id) });
      expect([url, id, answer.statusCode, answer.json().errors?.[0].path]).toEqual([url, id, 400, path]);
    }
  }
});
