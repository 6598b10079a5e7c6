import { setTimeout as sleep } from 'node:timers/promises';
import { makeAgent, post, spread } from '../asking.js';
import { COMMON_FAULTS, compareStored, compareTold, storedTasks, TOLD_FAULTS, waitForEnds } from '../ends.js';
import { openLedger } from '../ledger.js';
import type { OpenKind } from './kind.js';

const TASKS = 80;
const PATH = '/destination';

/** Tasks whose ends go to an endpoint and become a task of another agent, each once. */
export const openDestinations: OpenKind = async (world, { scale, seconds }) => {
  const follower = await makeAgent(world, { name: 'Follower' });
  const source = await makeAgent(world, {
    name: 'Destinations',
    destinations: [
      { type: 'http', url: `${world.receiver.url}${PATH}`, body: '{"task": {{ task.id | json }}}' },
      { type: 'agent', agent_id: follower.id, payload: '{"of": {{ task.id | json }}}' },
    ],
  });
  const tasks: string[] = [];
  return {
    send: () =>
      spread(TASKS * scale, seconds, async (n) => {
        tasks.push(await post(world, source.token, `source-${n}`, { sandbox: { reply: 'done' } }));
      }),
    judge: async () => {
      const ledger = openLedger('destinations', [
        ...COMMON_FAULTS,
        ...TOLD_FAULTS,
        'ends without a task of the other agent',
        'ends with two tasks of the other agent',
      ]);
      await waitForEnds(world, ledger, tasks);
      await compareStored(world, ledger, source.id, tasks);
      await compareTold(world, ledger, PATH, tasks, (body) => JSON.parse(body).task);
      let relayed = await storedTasks(world, follower.id);
      while (relayed.length < tasks.length && !world.isOver()) {
        await sleep(1_000);
        relayed = await storedTasks(world, follower.id);
      }
      await waitForEnds(
        world,
        ledger,
        relayed.map(({ task_id }) => task_id),
      );
      const sources = relayed.map(({ relayed_from }) => relayed_from?.task_id);
      for (const id of tasks)
        if (!sources.includes(id)) ledger.fault('ends without a task of the other agent', id);
      for (const [n, id] of sources.entries())
        if (sources.indexOf(id) !== n) ledger.fault('ends with two tasks of the other agent', String(id));
      return ledger.figures();
    },
  };
};
