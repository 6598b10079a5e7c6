import { setTimeout as sleep } from 'node:timers/promises';
import { chargingSteps } from '../../index.js';
import { makeAgent, persist } from '../asking.js';
import { COMMON_FAULTS, findDoubleCharges, storedTasks, waitForEnds } from '../ends.js';
import { openLedger } from '../ledger.js';
import type { World } from '../world.js';
import type { OpenKind } from './kind.js';

const AGENTS = 4;
/** Due times of each agent, and the interval of its last schedule. */
const EACH = 15;
const EVERY_SECONDS = 10;
/** The first due time of an agent, in ms from its save, which takes a part of it. */
const FIRST_MS = 10_000;
/** How often agents are saved, which must not move their schedules. */
const SAVE_MS = 7_000;

const iso = (ms: number) => new Date(ms).toISOString();
const patch = (world: World, id: string, body: object) =>
  persist(world, () => world.api.request('PATCH', `/api/agents/${id}`, body));

/** Agents that run by themselves. Each due time has one task. */
export const openSchedules: OpenKind = async (world, { scale, seconds }) => {
  const agents = await Promise.all(
    Array.from({ length: AGENTS * scale }, (_, n) =>
      makeAgent(world, { name: `Schedules ${n}`, tools: [world.shop.tool], sandbox_tools: true }),
    ),
  );
  /** The due times, as `agent schedule time`. */
  const due: string[] = [];
  const sandbox = { steps: chargingSteps(1, 100), reply: 'done' };

  let endsAt = 0;
  async function schedule(id: string, place: number): Promise<void> {
    const begins = Date.now() + FIRST_MS;
    const ats = Array.from({ length: EACH }, (_, n) => {
      const spread = ((n + place / agents.length) / EACH) * seconds * 1_000;
      return { id: `at-${n}`, at: iso(begins + spread), payload: { order: `at-${place}-${n}`, sandbox } };
    });
    const every = { id: 'every', every_seconds: EVERY_SECONDS, overlap: 'queue' };
    const { status, body } = await patch(world, id, { schedules: [...ats, every] });
    // On a slow machine, the first due time may have passed before the agent is saved.
    if (body.code === 'invalid_schedule' && !world.isOver()) return await schedule(id, place);
    if (status !== 200) throw new Error(`schedules: ${status} ${JSON.stringify(body)}`);
    due.push(...ats.map((one) => `${id} ${one.id} ${one.at}`));
    endsAt = Math.max(endsAt, begins + seconds * 1_000);
  }

  await Promise.all(agents.map(({ id }, place) => schedule(id, place)));
  return {
    send: async () => {
      for (let saves = 1; Date.now() < endsAt; saves++) {
        await Promise.all(agents.map(({ id }, n) => patch(world, id, { name: `Schedules ${n}.${saves}` })));
        await sleep(SAVE_MS);
      }
    },
    judge: async () => {
      const ledger = openLedger('schedules', [
        ...COMMON_FAULTS,
        'due times without a task',
        'due times with two tasks',
        'tasks beside due times',
        'made twice',
      ]);
      const stored = () => Promise.all(agents.map(({ id }) => storedTasks(world, id)));
      const isOnce = ({ schedule }: { schedule?: { id: string } }) => schedule?.id !== 'every';
      for (;;) {
        const found = (await stored()).flat().filter(isOnce);
        if (found.length >= due.length || world.isOver()) break;
        await sleep(1_000);
      }
      // No run begins from now on. Those that wait for an earlier one are dropped.
      await Promise.all(agents.map(({ id }) => patch(world, id, { schedules: [] })));
      const tasks = await stored();
      await waitForEnds(
        world,
        ledger,
        tasks.flat().map(({ task_id }) => task_id),
      );
      const ran = tasks.flatMap((ofAgent, n) =>
        ofAgent.map(({ schedule }) => `${agents[n]?.id} ${schedule?.id} ${schedule?.due_at}`),
      );
      const times = new Map<string, number>();
      for (const time of ran) times.set(time, (times.get(time) ?? 0) + 1);
      ledger.note('due times', due.length);
      for (const [time, count] of times) if (count > 1) ledger.fault('due times with two tasks', time);
      for (const time of due) if (!times.has(time)) ledger.fault('due times without a task', time);
      const isKnown = new Set(due);
      for (const time of times.keys())
        if (!isKnown.has(time) && !time.includes(' every ')) ledger.fault('tasks beside due times', time);
      for (const ofAgent of tasks) {
        const places = ofAgent
          .filter((task) => !isOnce(task))
          .map(({ schedule }) => Date.parse(schedule?.due_at ?? '') % (EVERY_SECONDS * 1_000));
        if (new Set(places).size > 1) ledger.fault('tasks beside due times', `at ${places.join(' ')} ms`);
      }
      findDoubleCharges(world, ledger, 'at-');
      return ledger.figures();
    },
  };
};
