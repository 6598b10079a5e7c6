import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stack, startStack, until } from '../index.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ workers: 1 });
});
afterAll(async () => {
  await stack?.stop();
});

interface Job {
  id: string;
  state: string;
  total: number;
  done: number;
  failed: number;
}
interface Listed {
  tasks: { task_id: string; status: string; trigger: string; replay_of: string | null }[];
  next_cursor: string | null;
}

async function allTasks(query: string): Promise<Listed['tasks']> {
  const all: Listed['tasks'] = [];
  for (let cursor = ''; ; ) {
    const { body } = await stack.request<Listed>('GET', `/api/tasks?limit=100&${query}${cursor}`);
    all.push(...body.tasks);
    if (body.next_cursor === null) return all;
    cursor = `&cursor=${body.next_cursor}`;
  }
}

test('a replay of many goes on after kill -9 of its worker, and makes no task twice', async () => {
  const { id } = await stack.createAgent({ name: 'Killed', model: 'sandbox:echo' });
  const { token } = await stack.mintWebhook(id);
  const events: string[] = [];
  for (let n = 0; n < 120; n++) {
    const { body } = await stack.trigger(token, { sandbox: { reply: 'done' } });
    events.push(body.task_id);
  }
  await until(
    'all have ended',
    async () => (await allTasks(`agent_id=${id}&status=SUCCESS`)).length === events.length,
    { timeoutMs: 60_000 },
  );
  const input = { action: 'replay', filter: { agent_id: id, status: ['SUCCESS'] } };
  const { body: count } = await stack.request('POST', '/api/bulk/count', input);
  expect(count).toEqual({ matching: 120, is_complete: true });
  const { body: created } = await stack.request<Job>('POST', '/api/bulk', input);
  const read = async () => (await stack.request<Job>('GET', `/api/bulk/${created.id}`)).body;

  await until('some are done', async () => (await read()).done >= 20, { timeoutMs: 60_000 });
  stack.workers.at(-1)?.signal('SIGKILL');
  expect((await read()).state).toBe('running');
  await stack.startWorker();
  await until('the job is done', async () => (await read()).state === 'done', { timeoutMs: 90_000 });
  expect(await read()).toMatchObject({ total: 120, done: 120, failed: 0 });

  const replays = (await allTasks(`agent_id=${id}`)).filter(({ trigger }) => trigger === 'replay');
  expect(replays.map(({ replay_of }) => replay_of).toSorted()).toEqual(events.toSorted());
  await until(
    'all replays have ended',
    async () => (await allTasks(`agent_id=${id}&status=SUCCESS`)).length === 240,
    { timeoutMs: 60_000 },
  );
});
