import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let app: Awaited<ReturnType<typeof testApp>>;
let id: string;
beforeAll(async () => {
  app = await testApp();
  const tools = [{ type: 'mcp', name: 'srv', url: 'https://mcp.example.com/mcp' }];
  const made = await app.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a', tools } });
  id = made.json().id;
});
afterAll(() => app.close());

test('a viewer reads the pins of an agent, and only an admin accepts changes', async () => {
  const viewer = await app.as('viewer');
  const operator = await app.as('operator');
  const url = `/api/agents/${id}/mcp-tools`;
  const seen = await viewer.send({ url });
  expect([seen.statusCode, seen.json()]).toEqual([
    200,
    {
      servers: [
        {
          tool: 'srv',
          url: 'https://mcp.example.com/mcp',
          pinned_at: null,
          seen_at: null,
          revision: null,
          tools: [],
        },
      ],
    },
  ]);
  const accept = { method: 'POST' as const, url: `${url}/accept`, payload: { tool: 'srv', revision: 'x' } };
  expect((await operator.send(accept)).statusCode).toBe(403);
  const conflict = await app.admin(accept);
  expect(conflict.json().code).toBe('version_conflict');
  expect((await app.admin({ ...accept, payload: { tool: 'other', revision: 'x' } })).json()).toMatchObject({
    code: 'invalid_request',
    errors: [{ path: '/tool' }],
  });
  expect((await app.admin({ ...accept, payload: {} })).statusCode).toBe(400);
  expect((await app.admin({ url: '/api/agents/agt_none/mcp-tools' })).statusCode).toBe(404);
});
