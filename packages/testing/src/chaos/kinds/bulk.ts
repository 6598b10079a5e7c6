import { setTimeout as sleep } from 'node:timers/promises';
import { makeAgent, persist, post, read, spread } from '../asking.js';
import { COMMON_FAULTS, storedTasks, waitForEnds } from '../ends.js';
import { type Ledger, openLedger } from '../ledger.js';
import type { World } from '../world.js';
import type { OpenKind } from './kind.js';

/** How many tasks each job is for, and how many jobs of each action. */
const TASKS = 30;
const JOBS = 3;
const PAUSE_MS = 500;

interface Job {
  id: string;
  state: string;
  total: number;
  done: number;
  skipped: number;
  failed: number;
}

/** Stores a job once, whatever dies meanwhile. */
async function begin(world: World, key: string, body: object): Promise<Job> {
  const { status, body: job } = await persist(world, () =>
    world.api.request<Job>('POST', '/api/bulk', body, { 'idempotency-key': key }),
  );
  if (status !== 202) throw new Error(`a bulk job: ${status} ${JSON.stringify(job)}`);
  return job;
}

/** Jobs that replay and cancel many tasks: each task is replayed once by each job, or is cancelled. */
export const openBulk: OpenKind = async (world, { scale, seconds }) => {
  const replayed = await makeAgent(world, { name: 'Replayed' });
  const cancelled = await makeAgent(world, {
    name: 'Cancelled',
    tools: [{ ...world.shop.tool, approval: 'always' }],
    sandbox_tools: true,
  });
  const count = TASKS * scale;
  const sources: string[] = [];
  const waiting: string[] = [];
  const replays: Job[] = [];
  const cancels: Job[] = [];
  return {
    send: async () => {
      await spread(count, seconds / 3, async (n) => {
        sources.push(await post(world, replayed.token, `replayed-${n}`, { sandbox: { reply: 'done' } }));
        const steps = [{ tool: { name: 'charge', arguments: { n } } }];
        const payload = { order: `cancelled-${n}`, sandbox: { steps, reply: 'done' } };
        waiting.push(await post(world, cancelled.token, `cancelled-${n}`, payload));
      });
      await spread(JOBS, seconds / 3, async (n) => {
        replays.push(await begin(world, `replay-${n}`, { action: 'replay', ids: sources }));
        const part = waiting.filter((_, index) => index % JOBS === n);
        cancels.push(await begin(world, `cancel-${n}`, { action: 'cancel', ids: part }));
      });
    },
    judge: async () => {
      const ledger = openLedger('bulk', [
        ...COMMON_FAULTS,
        'jobs that have not ended',
        'jobs that failed in part',
        'replayed too often',
        'replayed too rarely',
        'not cancelled',
        'called although cancelled',
      ]);
      for (const job of [...replays, ...cancels]) await judgeJob(world, ledger, job);
      const made = (await storedTasks(world, replayed.id)).filter(({ replay_of }) => replay_of);
      const times = new Map<string, number>();
      for (const { replay_of } of made) times.set(String(replay_of), (times.get(String(replay_of)) ?? 0) + 1);
      for (const id of sources) {
        const found = times.get(id) ?? 0;
        if (found > JOBS) ledger.fault('replayed too often', `${id}: ${found} times in ${JOBS} jobs`);
        if (found < JOBS) ledger.fault('replayed too rarely', `${id}: ${found} times in ${JOBS} jobs`);
      }
      await waitForEnds(world, ledger, [...sources, ...made.map(({ task_id }) => task_id)]);
      const ends = await waitForEnds(world, ledger, waiting, ['cancelled']);
      for (const [id, { status }] of ends) if (status === 'SUCCESS') ledger.fault('not cancelled', id);
      for (const path of world.shop.charges)
        if (path.startsWith('/cancelled-')) ledger.fault('called although cancelled', path);
      return ledger.figures();
    },
  };
};

/** Waits for the end of a job. None of its tasks may fail. */
async function judgeJob(world: World, ledger: Ledger, { id }: Job): Promise<void> {
  for (let before = -1; ; await sleep(PAUSE_MS)) {
    const job = await read<Job>(world, `/api/bulk/${id}`);
    if (job.done !== before) world.hasProgressed();
    before = job.done;
    if (job.state === 'done') {
      if (job.failed > 0) ledger.fault('jobs that failed in part', JSON.stringify(job));
      return;
    }
    if (world.isOver()) return ledger.fault('jobs that have not ended', JSON.stringify(job));
  }
}
