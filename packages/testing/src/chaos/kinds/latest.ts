import { setTimeout as sleep } from 'node:timers/promises';
import { inOrder, makeAgent, post, read } from '../asking.js';
import { COMMON_FAULTS, compareStored, compareTold, forAll, TOLD_FAULTS, waitForEnds } from '../ends.js';
import { openLedger } from '../ledger.js';
import type { OpenKind } from './kind.js';

const DOCS = 8;
const EACH = 15;
const PATH = '/latest';

/** Events that come in bursts, of which the newest runs. All are in the trace, in order. */
export const openLatest: OpenKind = async (world, { scale, seconds }) => {
  const agent = await makeAgent(world, {
    name: 'Latest',
    burst: { key: '{{ payload.doc }}', window_seconds: 1, max_wait_seconds: 5, keep: 'latest' },
    destinations: [
      {
        type: 'http',
        url: `${world.receiver.url}${PATH}`,
        body: '{"task": {{ task.id | json }}, "event": "{{ payload.doc }}/{{ payload.n }}"}',
      },
    ],
  });
  const docs = Array.from({ length: DOCS * scale }, (_, n) => `latest-${n}`);
  /** The acknowledged events of each task, in order. */
  const acknowledged = new Map<string, string[]>();
  return {
    send: () =>
      inOrder(docs, EACH, seconds, async (doc, n) => {
        // Every other event comes right after the one before it.
        if (n % 2 === 0) await sleep(world.random.below(1_500));
        const key = `${doc}/${n}`;
        const task = await post(world, agent.token, key, { doc, n });
        acknowledged.set(task, [...(acknowledged.get(task) ?? []), key]);
      }),
    judge: async () => {
      const ledger = openLedger('latest', [
        ...COMMON_FAULTS,
        ...TOLD_FAULTS,
        'runs whose events differ from those acknowledged',
        'runs of another event than the newest',
      ]);
      await waitForEnds(world, ledger, acknowledged.keys());
      await compareStored(world, ledger, agent.id, acknowledged.keys());
      await compareTold(world, ledger, PATH, acknowledged.keys(), (body) => JSON.parse(body).task);
      const seen = new Map<string, string>();
      for (const body of world.receiver.at(PATH).values()) {
        const { task, event } = JSON.parse(body) as { task: string; event: string };
        seen.set(task, event);
      }
      await forAll(acknowledged, async ([task, told]) => {
        const { events = [] } = await read<{ events?: { idempotency_key: string }[] }>(
          world,
          `/api/tasks/${task}`,
        );
        const keys = events.map(({ idempotency_key }) => idempotency_key);
        if (keys.join() !== told.join())
          ledger.fault('runs whose events differ from those acknowledged', `${task}: ${keys} for ${told}`);
        if (seen.has(task) && seen.get(task) !== told.at(-1))
          ledger.fault('runs of another event than the newest', `${task}: ${seen.get(task)} of ${told}`);
      });
      return ledger.figures();
    },
  };
};
