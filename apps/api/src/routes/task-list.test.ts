import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let app: Awaited<ReturnType<typeof testApp>>;
const ids: string[] = [];

beforeAll(async () => {
  app = await testApp();
  const agent = (await app.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a' } })).json();
  const { token } = (
    await app.admin({ method: 'POST', url: `/api/agents/${agent.id}/webhook`, payload: {} })
  ).json();
  for (let n = 0; n < 5; n++) {
    const sent = await app.app.inject({
      method: 'POST',
      url: `/api/webhooks/agents/${token}`,
      headers: { 'idempotency-key': `key-${n}` },
      payload: { secret_marker: n },
    });
    ids.push(sent.json().task_id);
  }
  await app.admin({ method: 'POST', url: `/api/tasks/${ids[0]}/cancel` });
});
afterAll(async () => {
  await app?.close();
});

const get = async (url: string) => {
  const answer = await app.admin({ method: 'GET', url });
  return { status: answer.statusCode, body: answer.json() };
};
const listed = async (query: string): Promise<string[]> =>
  (await get(`/api/tasks?${query}`)).body.tasks.map(({ task_id }: { task_id: string }) => task_id);

test('tasks are listed in pages, newest first, without their payloads', async () => {
  const first = await get('/api/tasks?limit=3');
  const second = await get(`/api/tasks?limit=3&cursor=${first.body.next_cursor}`);
  const tasks = [...first.body.tasks, ...second.body.tasks];
  expect(tasks.map(({ task_id }) => task_id).sort()).toEqual([...ids].sort());
  expect(second.body.next_cursor).toBeNull();
  expect(JSON.stringify(tasks)).not.toContain('secret_marker');
});

test('filters accept one or several values, and a text', async () => {
  expect(await listed('status=FAILURE')).toEqual([ids[0]]);
  expect(await listed('status=FAILURE&status=PENDING')).toHaveLength(5);
  expect(await listed('q=key-3')).toEqual([ids[3]]);
  expect(await listed(`q=${ids[2]}`)).toEqual([ids[2]]);
  expect(await listed('agent_id=agt_none')).toEqual([]);
  expect(await listed('from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00%2B02:00')).toEqual([]);
  expect(await listed('from=2020-01-01T00:00:00Z')).toHaveLength(5);
});

test.each([
  'status=DONE',
  'limit=0',
  'limit=101',
  'limit=x',
  'cursor=nonsense',
  'from=yesterday',
  'to=2020-01-01',
  'q=',
])('a list with %s is refused', async (query) => {
  expect(await get(`/api/tasks?${query}`)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
});

test('stats count requests, in total and by agent', async () => {
  const { body } = await get('/api/stats?group_by=agent');
  expect(body).toMatchObject({ bucket: 'hour', totals: { triggered: 5 }, queue: { pending: 4, started: 0 } });
  const { body: newest } = await get('/api/tasks?limit=1');
  expect(body.agents).toMatchObject([{ totals: { triggered: 5 }, last_task_at: newest.tasks[0].created_at }]);
  expect(body.series.length).toBeGreaterThanOrEqual(24);
  const [agent] = body.agents;
  const { body: named } = await get(
    `/api/stats?group_by=agent&agent_id=agt_of_nobody&agent_id=${agent.agent_id}`,
  );
  expect(named.agents).toMatchObject([
    { agent_id: 'agt_of_nobody', totals: { triggered: 0 }, last_task_at: null },
    { agent_id: agent.agent_id, totals: { triggered: 5 } },
  ]);
  expect(named.totals.triggered).toBe(5);
  const { body: bySender } = await get(`/api/stats?group_by=sender&agent_id=${agent.agent_id}`);
  expect(bySender).toMatchObject({
    totals: { triggered: 5 },
    groups: [{ name: 'none', totals: { triggered: 5 } }],
  });
  const two = await get(`/api/stats?group_by=model&agent_id=agt_of_nobody&agent_id=${agent.agent_id}`);
  expect(two).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  const { body: other } = await get('/api/stats?agent_id=agt_of_nobody');
  expect(other).toMatchObject({ totals: { triggered: 0 }, queue: { pending: 0, started: 0 } });
  const days = await get('/api/stats?bucket=day&from=2026-01-01T00:00:00Z&to=2026-01-08T00:00:00Z');
  expect(days.body.series).toHaveLength(7);
});

test.each(['from=2026-01-01T00:00:00Z&to=2025-01-01T00:00:00Z', 'bucket=week', 'from=2020-01-01T00:00:00Z'])(
  'stats with %s are refused',
  async (query) => {
    expect(await get(`/api/stats?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  },
);

test("metrics give Prometheus the queue's state without a key", async () => {
  const answer = await app.app.inject({ url: '/metrics' });
  expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(answer.body).toMatch(/^# TYPE agenthook_tasks_pending gauge\nagenthook_tasks_pending 4$/m);
  expect(answer.body).toMatch(/^agenthook_tasks_triggered_total 5$/m);
});
