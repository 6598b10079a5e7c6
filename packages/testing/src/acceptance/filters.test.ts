import { beforeAll, expect, test } from '@jest/globals';
import { type Stack, sharedStack, until } from '../index.js';

let stack: Stack;
beforeAll(async () => {
  stack = await sharedStack();
});

const agentWith = async (config: object) => {
  const { id } = await stack.createAgent({ name: 'A', model: 'sandbox:echo', ...config });
  return { id, ...(await stack.mintWebhook(id)) };
};
const post = async (token: string, payload: object, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${stack.url}/api/webhooks/agents/${token}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(payload),
  });
  return { status: answer.status, body: (await answer.json()) as { task_id: string | null } };
};

test('an agent runs the events that its filter wants, and answers the others with 200', async () => {
  const { id, token } = await agentWith({
    filter: 'headers["x-github-event"] == "issues" && payload.action == "opened"',
  });
  const issues = { 'x-github-event': 'issues' };
  const wanted = await post(token, { action: 'opened' }, issues);
  expect(await stack.poll(wanted.body.task_id ?? '')).toMatchObject({ status: 'SUCCESS' });
  for (const [payload, headers] of [
    [{ action: 'closed' }, issues],
    [{ zen: 'Keep it simple.' }, { 'x-github-event': 'ping' }],
  ] as const)
    expect(await post(token, payload, headers)).toEqual({
      status: 200,
      body: { success: true, task_id: null, filtered: true },
    });
  const { body } = await stack.request<{ tasks: object[] }>('GET', `/api/tasks?agent_id=${id}`);
  expect(body.tasks).toHaveLength(1);
});

test('an agent that answers itself is stopped by its breaker, loses nothing, and goes on when it is resumed', async () => {
  const { id, token } = await agentWith({
    breaker: { key: 'payload.issue.number', max_per_minute: 5 },
    sandbox_tools: true,
  });
  const comment = {
    type: 'http',
    name: 'comment',
    description: 'Comments on the issue, which causes an event.',
    method: 'POST',
    url: `${stack.url}/api/webhooks/agents/${token}`,
    body: '{{ payload | json }}',
    parameters: { type: 'object', properties: {} },
  };
  expect((await stack.request('PATCH', `/api/agents/${id}`, { tools: [comment] })).status).toBe(200);
  const sandbox = { steps: [{ tool: { name: 'comment', arguments: {} } }], reply: 'Done.' };
  await post(token, { issue: { number: 7 }, sandbox });
  type Seen = { paused: { reason: string; task_id: string } | null };
  const agent = async () => (await stack.request<Seen>('GET', `/api/agents/${id}`)).body;
  const { paused } = await until('the agent is paused', async () => {
    const seen = await agent();
    return seen.paused !== null && seen;
  });
  expect(paused).toMatchObject({ reason: 'too_many_runs', max_per_minute: 5 });
  type Tasks = { tasks: { status: string; task_id: string }[] };
  const tasks = async () => (await stack.request<Tasks>('GET', `/api/tasks?agent_id=${id}`)).body.tasks;
  const waiting = await until('all but what waits have ended', async () => {
    const all = await tasks();
    const open = all.filter(({ status }) => status !== 'SUCCESS');
    return open.every(({ status }) => status === 'PENDING') && open.length > 0 && open;
  });
  expect(waiting.map(({ task_id }) => task_id)).toContain(paused?.task_id);
  const other = await post(token, { issue: { number: 8 } });
  expect(other.status).toBe(200);
  for (const { task_id } of waiting) await stack.request('POST', `/api/tasks/${task_id}/cancel`);
  expect((await stack.request('POST', `/api/agents/${id}/resume`)).status).toBe(204);
  expect(await stack.poll(other.body.task_id ?? '')).toMatchObject({ status: 'SUCCESS' });
  expect((await agent()).paused).toBeNull();
});
