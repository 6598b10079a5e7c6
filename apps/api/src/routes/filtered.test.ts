import { until } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
beforeEach(() => env.empty());
afterAll(() => env?.close());

async function agentWith(input: object) {
  const made = await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a', ...input } });
  const { id } = made.json();
  const { token } = (await env.admin({ method: 'POST', url: `/api/agents/${id}/webhook` })).json();
  return {
    id,
    post: (payload: object | string) =>
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

test('a filter is tried on the events of the past', async () => {
  const { id, post } = await agentWith({
    filter: 'payload.action == "opened"',
    input_schema: { required: ['issue'] },
  });
  await post({ action: 'opened', issue: { number: 7 } });
  await post({ action: 'closed' });
  await post({ action: 'opened' });
  const list = async (name: string) => (await env.admin({ url: `/api/agents/${id}/${name}` })).json();
  await until('all are kept', async () => {
    const [filtered, rejected] = [await list('filtered'), await list('rejections')];
    return filtered.events.length + rejected.rejections.length === 2;
  });
  const attempt = (payload: object) =>
    env.admin({ method: 'POST', url: `/api/agents/${id}/filter/test`, payload });
  const tried = (await attempt({ filter: 'payload.issue.number == 7' })).json();
  expect(tried).toMatchObject({ passed: 3, filtered: 0, failed: 2, untried: 0 });
  expect(
    tried.events.map(({ kind, name, runs, error }: Record<string, unknown>) => [kind, name, runs, error]),
  ).toEqual([
    ['rejected', 'opened', true, 'filter: No such key: issue'],
    ['filtered', 'closed', true, 'filter: No such key: issue'],
    ['task', 'opened', true, null],
  ]);
  expect((await attempt({ filter: 'payload.action == "closed"' })).json()).toMatchObject({
    passed: 1,
    filtered: 2,
    failed: 0,
  });
  expect((await attempt({ filter: null })).json()).toMatchObject({ passed: 3, filtered: 0 });
  const faulty = await attempt({ filter: 'payload.' });
  expect([faulty.statusCode, faulty.json().errors]).toEqual([
    400,
    [{ path: '/filter', line: 1, column: 9, message: expect.any(String) }],
  ]);
  const operator = await env.admin({
    method: 'POST',
    url: '/api/keys',
    payload: { name: 'o', role: 'operator', see_payloads: false },
  });
  const seen = await env.app.inject({
    method: 'POST',
    url: `/api/agents/${id}/filter/test`,
    payload: { filter: 'payload.issue.number == 7' },
    headers: { authorization: `Bearer ${operator.json().key}` },
  });
  expect(seen.json().events[0]).toMatchObject({ kind: 'rejected', name: '', runs: true, error: '' });
});

test('a filter is tried on tasks whose payload has numbers that a double cannot hold', async () => {
  const { id, post } = await agentWith({});
  await post('{"action":"opened","id":820982911946154508}');
  const tried = await env.admin({
    method: 'POST',
    url: `/api/agents/${id}/filter/test`,
    payload: { filter: 'payload.id == 820982911946154508' },
  });
  expect(tried.json()).toMatchObject({ passed: 1, failed: 0, events: [{ kind: 'task', name: 'opened' }] });
});

test('an agent that its breaker has paused says so until it is resumed', async () => {
  const { id, post } = await agentWith({ breaker: { max_per_minute: 1 } });
  await post({});
  const { task_id } = (await post({})).json();
  const paused = async () => (await env.admin({ url: `/api/agents/${id}` })).json().paused;
  expect(await paused()).toMatchObject({ reason: 'too_many_runs', max_per_minute: 1, task_id });
  const resume = (agent: string) => env.admin({ method: 'POST', url: `/api/agents/${agent}/resume` });
  expect((await resume(id)).statusCode).toBe(204);
  expect(await paused()).toBeNull();
  expect((await resume(id)).statusCode).toBe(204);
  expect((await resume('agt_none')).json()).toMatchObject({ code: 'unknown_agent' });
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

test('a filter without a value runs the event, and the list and the trace say why', async () => {
  const { post } = await agentWith({ filter: 'payload.issue.number > 5' });
  const { task_id } = (await post({ action: 'opened' })).json();
  const filter_error = 'filter: No such key: issue';
  expect((await env.admin({ url: '/api/tasks' })).json().tasks).toMatchObject([{ task_id, filter_error }]);
  expect((await env.admin({ url: `/api/tasks/${task_id}` })).json()).toMatchObject({ filter_error });
});
