import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
beforeEach(() => env.empty());
afterAll(() => env.close());

/** An agent and a task of it that no worker takes. */
async function taskOf(input: object = {}) {
  const agent = { name: 'a', ...input };
  const { id } = (await env.admin({ method: 'POST', url: '/api/agents', payload: agent })).json();
  const { token } = (await env.admin({ method: 'POST', url: `/api/agents/${id}/webhook` })).json();
  const fired = await env.app.inject({
    method: 'POST',
    url: `/api/webhooks/agents/${token}`,
    headers: { 'x-github-event': 'push' },
    payload: { question: 'hi' },
  });
  return { agentId: id as string, taskId: fired.json().task_id as string };
}
const post = (taskId: string, verb: string, payload?: object) =>
  env.admin({ method: 'POST', url: `/api/tasks/${taskId}/${verb}`, ...(payload && { payload }) });
const trace = async (taskId: string) => (await env.admin({ url: `/api/tasks/${taskId}` })).json();
const NO_TASK = '00000000-0000-8000-8000-000000000000';

describe('POST /api/tasks/{id}/cancel', () => {
  test('ends a waiting task, which has then ended', async () => {
    const { taskId } = await taskOf();
    const cancelled = await post(taskId, 'cancel');
    expect(cancelled.statusCode).toBe(200);
    expect(cancelled.json()).toMatchObject({
      task_id: taskId,
      status: 'FAILURE',
      result: { error: { code: 'cancelled' }, tool_calls: [] },
    });
    const polled = await env.app.inject(`/api/task_status?task_id=${taskId}`);
    expect(polled.json()).toEqual(cancelled.json());
    const again = await post(taskId, 'cancel');
    expect([again.statusCode, again.json().code]).toEqual([409, 'task_finished']);
  });

  test('needs the key, and a task', async () => {
    const { taskId } = await taskOf();
    const bare = await env.app.inject({ method: 'POST', url: `/api/tasks/${taskId}/cancel` });
    expect(bare.statusCode).toBe(401);
    for (const id of [NO_TASK, 'meta', 'wait']) {
      const response = await post(id, 'cancel');
      expect([response.statusCode, response.json().code]).toEqual([404, 'unknown_task']);
    }
    expect(await trace(taskId)).toMatchObject({ status: 'PENDING' });
  });
});

describe('POST /api/tasks/{id}/replay', () => {
  test("creates a new task from the first one's input, for the current or the original version", async () => {
    const { agentId, taskId } = await taskOf({ limits: { max_attempts: 2 } });
    const change = { name: 'b', limits: { max_attempts: 5 } };
    await env.admin({ method: 'PATCH', url: `/api/agents/${agentId}`, payload: change });
    const first = await trace(taskId);
    expect(first).toMatchObject({ agent_version: 1, replay_of: null, replays: [] });

    const ids: string[] = [];
    for (const [payload, agent_version, max_attempts] of [
      [undefined, 2, 5],
      [{}, 2, 5],
      [{ version: 'current' }, 2, 5],
      [{ version: 'original' }, 1, 2],
    ] as const) {
      const replayed = await post(taskId, 'replay', payload);
      expect(replayed.statusCode).toBe(201);
      const { task_id } = replayed.json();
      ids.push(task_id);
      expect(replayed.headers.location).toBe(`/api/task_status?task_id=${task_id}`);
      const { payload: event, headers } = first;
      expect(await trace(task_id)).toMatchObject({
        ...{ status: 'PENDING', agent_version, max_attempts, replay_of: taskId, replays: [] },
        ...{ payload: event, headers },
      });
    }
    expect(await trace(taskId)).toMatchObject({ status: 'PENDING', replays: ids });

    await post(taskId, 'cancel');
    for (let n = 0; n < 8; n++) ids.push((await post(taskId, 'replay')).json().task_id);
    expect((await trace(taskId)).replays).toEqual(ids.slice(-10));
  });

  test('refuses what it cannot replay, and stores nothing', async () => {
    const { agentId, taskId } = await taskOf();
    const bare = await env.app.inject({ method: 'POST', url: `/api/tasks/${taskId}/replay` });
    expect(bare.statusCode).toBe(401);
    const refused = async (id: string, body?: object) => {
      const response = await post(id, 'replay', body);
      return [response.statusCode, response.json().code];
    };
    expect(await refused(NO_TASK)).toEqual([404, 'unknown_task']);
    expect(await refused('meta')).toEqual([404, 'unknown_task']);
    expect(await refused(taskId, { version: 'newest' })).toEqual([400, 'invalid_request']);
    expect(await refused(taskId, { versions: 1 })).toEqual([400, 'invalid_request']);
    const disabled = { status: 'disabled' };
    await env.admin({ method: 'PATCH', url: `/api/agents/${agentId}`, payload: disabled });
    expect(await refused(taskId)).toEqual([403, 'agent_disabled']);
    await env.admin({ method: 'DELETE', url: `/api/agents/${agentId}` });
    expect(await refused(taskId)).toEqual([404, 'unknown_agent']);
    expect(await refused(taskId, { version: 'original' })).toEqual([404, 'unknown_agent']);
    expect(await env.ctx.queues[0]?.count()).toBe(1);
  });
});
