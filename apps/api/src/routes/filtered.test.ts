import { until } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
beforeEach(() => env.ctx.redis.flushdb());
afterAll(() => env?.close());

async function agentWith(input: object) {
  const made = await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a', ...input } });
  const { id } = made.json();
  const { token } = (await env.admin({ method: 'POST', url: `/api/agents/${id}/webhook` })).json();
  return {
    id,
    post: (payload: object) =>
      env.app.inject({ method: 'POST', url: `/api/webhooks/agents/${token}`, payload }),
  };
}

test('an event that is not for the agent is answered with 200, kept, and run after all', async () => {
  const { id, post } = await agentWith({
    filter: 'payload.action == "opened"',
    ignore_senders: ['octobot[bot]'],
  });
  const closed = await post({ action: 'closed' });
  expect([closed.statusCode, closed.json(), closed.headers.location]).toEqual([
    200,
    { success: true, task_id: null, filtered: true },
    undefined,
  ]);
  const own = await post({ action: 'opened', sender: { login: 'octobot[bot]' } });
  expect([own.statusCode, own.json()]).toEqual([
    200,
    { success: true, task_id: null, filtered: true, reason: 'ignored_sender' },
  ]);
  const url = `/api/agents/${id}/filtered`;
  const events = await until('both are kept', async () => {
    const page = (await env.admin({ url })).json();
    return page.events.length === 2 && page.events;
  });
  expect(events.map(({ reason, sender }: Record<string, string>) => [reason, sender])).toEqual([
    ['ignored_sender', 'octobot[bot]'],
    ['filter', null],
  ]);
  const accept = () =>
    env.admin({ method: 'POST', url: `/api/agents/${id}/rejections/${events[1].id}/accept` });
  const first = await accept();
  expect(first.statusCode).toBe(201);
  const again = await accept();
  expect([again.statusCode, again.json()]).toEqual([200, first.json()]);

  const viewer = await env.admin({
    method: 'POST',
    url: '/api/keys',
    payload: { name: 'v', role: 'viewer', see_payloads: false },
  });
  const seen = await env.app.inject({ url, headers: { authorization: `Bearer ${viewer.json().key}` } });
  expect(seen.json().events[0]).toEqual({
    id: events[0].id,
    at: events[0].at,
    reason: 'ignored_sender',
    method: 'POST',
    body_bytes: events[0].body_bytes,
    truncated: false,
    accepted: null,
    redacted: true,
  });
  expect((await env.app.inject({ url: '/metrics' })).body).toContain('agenthook_posts_filtered_total 2\n');
  expect((await env.admin({ url: '/api/stats' })).json().totals).toMatchObject({ filtered: 2, triggered: 1 });
  expect((await env.admin({ method: 'DELETE', url })).statusCode).toBe(204);
  expect((await env.admin({ url })).json().events).toEqual([]);
});

test('a filter that does not compile is 400 with line and column', async () => {
  const answer = await env.admin({
    method: 'POST',
    url: '/api/agents',
    payload: { name: 'a', filter: 'payload.action == "a"\n  &&& true' },
  });
  expect([answer.statusCode, answer.json()]).toEqual([
    400,
    expect.objectContaining({
      code: 'invalid_filter',
      errors: [{ path: '/filter', line: 2, column: 5, message: expect.any(String) }],
    }),
  ]);
});

test('what has no value for an event runs it, and the list and the trace tell why', async () => {
  const { post } = await agentWith({ filter: 'payload.issue.number > 5' });
  const { task_id } = (await post({ action: 'opened' })).json();
  const filter_error = 'filter: No such key: issue';
  expect((await env.admin({ url: '/api/tasks' })).json().tasks).toMatchObject([{ task_id, filter_error }]);
  expect((await env.admin({ url: `/api/tasks/${task_id}` })).json()).toMatchObject({ filter_error });
});
