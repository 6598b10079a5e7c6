import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { apiClient, type ManagedProcess, type Stack, startStack, until } from '../index.js';

let stack: Stack | undefined;

afterEach(async () => {
  await stack?.stop();
  stack = undefined;
});

interface Summary {
  task_id: string;
  agent_id: string;
  status: string;
  via: string;
  schedule: { id: string; due_at: string };
}
interface Shown {
  id: string;
  next_runs: string[];
  last_task: { task_id: string; status: string; due_at: string } | null;
  paused_reason: string | null;
}

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const tasksOf = async ({ request }: Pick<Stack, 'request'>) =>
  (await request<{ tasks: Summary[] }>('GET', '/api/tasks?limit=100')).body.tasks;

test('a schedule runs at its time, shows its next runs, and runs again after a restart', async () => {
  stack = await startStack();
  const { id } = await stack.createAgent({
    name: 'Clock',
    schedules: [
      { id: 'often', every_seconds: 10, payload: { question: 'What time is it?' } },
      { id: 'daily', cron: '0 9 * * MON-FRI', timezone: 'Europe/Berlin' },
    ],
  });
  const list = async () =>
    (await (stack as Stack).request<{ schedules: Shown[] }>('GET', `/api/agents/${id}/schedules`)).body
      .schedules;
  const [often, daily] = await list();
  expect(often?.next_runs).toHaveLength(5);
  const steps = often?.next_runs.map(Date.parse) ?? [];
  expect(steps.slice(1).map((ms, n) => ms - (steps[n] ?? 0))).toEqual([10_000, 10_000, 10_000, 10_000]);
  const berlin = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeStyle: 'short' });
  expect(new Set(daily?.next_runs.map((at) => berlin.format(new Date(at))))).toEqual(new Set(['09:00']));

  const due = Date.parse(often?.next_runs[0] ?? '');
  const first = await until('it runs', async () => (await tasksOf(stack as Stack)).at(-1));
  expect(first).toMatchObject({
    via: 'schedule',
    schedule: { id: 'often', due_at: new Date(due).toISOString() },
  });
  const ended = await stack.poll(first.task_id);
  expect(ended).toMatchObject({ status: 'SUCCESS' });
  // Redis's clock is this machine's. Generous, because the machine may be busy.
  expect(Date.parse(String(ended.created_at)) - due).toBeLessThan(5_000);

  expect(await stack.workers[0]?.stop()).toMatchObject({ code: 0 });
  const ran = (await tasksOf(stack)).length;
  await stack.startWorker();
  await until('it runs again', async () => (await tasksOf(stack as Stack)).length > ran);
  expect((await list())[0]).toMatchObject({ paused_reason: null, last_task: { status: expect.any(String) } });
});

const AGENTS = 5;
const EACH = 20;

test('runs are neither lost nor made twice while api and workers are killed and frozen, and agents saved', async () => {
  const env = await startStack({ workers: 2, env: { TASK_LOCK_SECONDS: '3' } });
  stack = env;
  const begins = Date.now();
  // One due time in a tenth of a second, from three seconds after now.
  const ats = Array.from({ length: AGENTS * EACH }, (_, n) => inMs(3_000 + n * 100));
  const agents = await Promise.all(
    Array.from({ length: AGENTS }, async (_, agent) => {
      const mine = Array.from({ length: EACH }, (_, n) => ({
        id: `s${n}`,
        at: ats[n * AGENTS + agent],
        payload: { n },
      }));
      const { id } = await env.createAgent({ name: `Agent ${agent}`, schedules: mine });
      return { id, mine };
    }),
  );
  const [first, second] = env.workers as [ManagedProcess, ManagedProcess];
  const at = (ms: number) => sleep(Math.max(0, begins + ms - Date.now()));
  const save = (request: Stack['request'], name: string) =>
    Promise.all(agents.map(({ id }) => request('PATCH', `/api/agents/${id}`, { name })));

  await at(4_000);
  second.signal('SIGSTOP');
  await save(env.request, 'saved once');
  await at(5_000);
  first.signal('SIGKILL');
  second.signal('SIGCONT');
  await at(6_000);
  env.apis[0]?.signal('SIGKILL');
  second.signal('SIGKILL');
  const api = await env.startApi();
  const { request, poll } = apiClient(api.url, env.adminKey);
  await env.startWorker();
  await save(request, 'saved twice');
  env.workers[2]?.signal('SIGKILL');
  await env.startWorker();

  const found = await until(
    'every due time has its task',
    async () => {
      const tasks = await tasksOf({ request });
      return tasks.length >= AGENTS * EACH && tasks;
    },
    { timeoutMs: 60_000 },
  );
  const ran = found.map(({ agent_id, schedule }) => `${agent_id} ${schedule.id} ${schedule.due_at}`);
  const due = agents.flatMap(({ id, mine }) => mine.map((one) => `${id} ${one.id} ${one.at}`));
  expect(ran.sort()).toEqual(due.sort());
  for (const { task_id } of found)
    expect(await poll(task_id, { timeoutMs: 60_000 })).toMatchObject({ status: 'SUCCESS' });
  // Nothing comes later.
  await sleep(6_000);
  expect((await request<{ tasks: Summary[] }>('GET', '/api/tasks?limit=100')).body.tasks).toHaveLength(
    AGENTS * EACH,
  );
});
