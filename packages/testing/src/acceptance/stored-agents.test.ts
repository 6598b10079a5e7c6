import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { type Stack, sharedStack } from '../index.js';

jest.setTimeout(60_000);

let stack: Stack;
let redis: Redis;
beforeAll(async () => {
  stack = await sharedStack();
  redis = new Redis(stack.redisUrl);
});
afterAll(() => redis.quit());

interface Shown {
  id: string;
  name: string;
  problem?: { blocks_runs: boolean; detail: string };
}

/** Changes what is stored of an agent's current version, as another version of AgentHook could have. */
async function change(id: string, edit: (config: Record<string, unknown>) => void): Promise<void> {
  const agent = `{agenthook}:agent:${id}`;
  const current = JSON.parse((await redis.hget(agent, 'current')) ?? '');
  const version = JSON.parse((await redis.hget(`${agent}:versions`, '1')) ?? '');
  edit(current.config);
  edit(version);
  await redis.hset(agent, 'current', JSON.stringify(current));
  await redis.hset(`${agent}:versions`, '1', JSON.stringify(version));
}

test('a damaged agent is listed, ends its tasks with the reason, and runs again once it is saved', async () => {
  const { id } = await stack.createAgent({ name: 'renamed', system_prompt: 'Be kind.' });
  const { token } = await stack.mintWebhook(id);
  await change(id, (config) => {
    config.instructions = config.system_prompt;
    delete config.system_prompt;
    config.tools = [{ type: 'telepathy', name: 't' }];
  });
  await stack.createAgent({ name: 'sound' });

  const list = await stack.request<{ agents: Shown[] }>('GET', '/api/agents');
  expect(list.status).toBe(200);
  expect(list.body.agents.map(({ name, problem }) => [name, problem?.blocks_runs])).toEqual([
    ['sound', undefined],
    ['renamed', true],
  ]);
  expect((await stack.request<Shown>('GET', `/api/agents/${id}`)).body.problem?.detail).toContain(
    '/system_prompt is missing; instead there is instructions',
  );
  expect((await stack.request('GET', `/api/agents/${id}/versions/1`)).status).toBe(200);

  const { body } = await stack.trigger(token, {});
  const ended = await stack.poll(body.task_id);
  expect(ended).toMatchObject({ status: 'FAILURE', result: { error: { code: 'agent_unavailable' } } });
  expect(ended.result.error.message).toContain('/system_prompt is missing');

  const half = await stack.request('PATCH', `/api/agents/${id}`, { system_prompt: 'Be kind.' });
  expect([half.status, half.body.code]).toEqual([400, 'invalid_request']);
  const repaired = await stack.request<Shown>('PATCH', `/api/agents/${id}`, {
    system_prompt: 'Be kind.',
    tools: [],
  });
  expect([repaired.status, repaired.body.problem]).toEqual([200, undefined]);
  const replayed = await stack.request<{ task_id: string }>('POST', `/api/tasks/${body.task_id}/replay`, {});
  expect(await stack.poll(replayed.body.task_id)).toMatchObject({ status: 'SUCCESS' });
});

test('an agent without tools runs without them', async () => {
  const { id } = await stack.createAgent({ name: 'no tools' });
  const { token } = await stack.mintWebhook(id);
  await change(id, (config) => {
    delete config.tools;
  });
  const { body } = await stack.trigger(token, { sandbox: { reply: 'done' } });
  expect(await stack.poll(body.task_id)).toMatchObject({ status: 'SUCCESS', result: { answer: 'done' } });
  expect((await stack.request('GET', `/api/agents/${id}`)).body).toMatchObject({
    tools: [],
    problem: { blocks_runs: false },
  });
});

test('an event for an agent whose gate cannot be read is refused as temporary', async () => {
  const { id } = await stack.createAgent({ name: 'no gate' });
  const { token } = await stack.mintWebhook(id);
  await redis.hset(`{agenthook}:agent:${id}`, 'gate', 'x');
  const refused = await stack.trigger(token, {});
  expect(refused).toMatchObject({ status: 503, body: { code: 'damaged_agent' } });
  expect((await stack.request('PATCH', `/api/agents/${id}`, { description: 'repaired' })).status).toBe(200);
  expect((await stack.trigger(token, {})).status).toBe(200);
});
