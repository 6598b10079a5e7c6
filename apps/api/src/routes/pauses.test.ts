import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
afterAll(() => env?.close());

const post = (url: string, payload?: object) =>
  env.admin({ method: 'POST', url, ...(payload && { payload }) });
const pauses = async () => (await env.admin({ url: '/api/pauses' })).json().pauses;

test('everything, a provider and an agent are paused and resumed, each by itself', async () => {
  const { id } = (await post('/api/agents', { name: 'a' })).json();
  const everything = await post('/api/pause', { scope: 'installation', note: 'An incident.' });
  expect([everything.statusCode, everything.json()]).toEqual([
    200,
    { scope: 'installation', since: expect.any(String), by: expect.any(String), note: 'An incident.' },
  ]);
  await post('/api/pause', { scope: 'provider', provider: 'openai:gpt-5-mini' });
  const agent = await post(`/api/agents/${id}/pause`);
  expect(agent.json()).toMatchObject({ scope: 'agent', agent_id: id, note: null });
  expect((await pauses()).map(({ scope }: { scope: string }) => scope)).toEqual([
    'installation',
    'provider',
    'agent',
  ]);
  const { since, by } = agent.json();
  expect((await env.admin({ url: `/api/agents/${id}` })).json().paused).toEqual({
    at: since,
    reason: 'by_person',
    by,
    note: null,
  });

  expect((await post('/api/resume', { scope: 'installation' })).statusCode).toBe(204);
  expect((await post(`/api/agents/${id}/resume`)).statusCode).toBe(204);
  expect(await pauses()).toEqual([expect.objectContaining({ provider: 'openai:gpt-5-mini' })]);
  expect((await post('/api/resume', { scope: 'provider', provider: 'openai:gpt-5-mini' })).statusCode).toBe(
    204,
  );
  expect(await pauses()).toEqual([]);
  expect((await post('/api/resume', { scope: 'installation' })).statusCode).toBe(204);
});

test('what is wrong with a request is told at its place; it needs an operator', async () => {
  const problem = async (payload: object) => {
    const answer = await post('/api/pause', payload);
    return [answer.statusCode, answer.json().code, answer.json().errors?.[0]?.path];
  };
  expect(await problem({})).toEqual([400, 'invalid_request', '/scope']);
  expect(await problem({ scope: 'world' })).toEqual([400, 'invalid_request', '/scope']);
  expect(await problem({ scope: 'provider' })).toEqual([400, 'invalid_request', '/provider']);
  expect(await problem({ scope: 'provider', provider: 'nobody' })).toEqual([
    400,
    'invalid_request',
    '/provider',
  ]);
  expect(await problem({ scope: 'agent', agent_id: 'agt_none' })).toEqual([404, 'unknown_agent', undefined]);
  const viewer = await env.as('viewer');
  const sent = await viewer.send({ method: 'POST', url: '/api/pause', payload: { scope: 'installation' } });
  expect(sent.statusCode).toBe(403);
});
