import { setTimeout as sleep } from 'node:timers/promises';
import { inOrder, makeAgent, post, read } from '../asking.js';
import { COMMON_FAULTS, compareStored, compareTold, forAll, TOLD_FAULTS, waitForEnds } from '../ends.js';
import { openLedger } from '../ledger.js';
import type { OpenKind } from './kind.js';

const DOCS = 12;
const EACH = 20;
const PATH = '/bursts';

interface Trace {
  events?: { idempotency_key: string; payload: { n: number } }[];
}

/** Events of some documents that come in bursts. Each event must be in exactly one run, in its place. */
export const openBursts: OpenKind = async (world, { scale, seconds }) => {
  const agent = await makeAgent(world, {
    name: 'Bursts',
    burst: { key: '{{ payload.doc }}', window_seconds: 1, max_wait_seconds: 6, keep: 'all', max_items: 7 },
    destinations: [
      {
        type: 'http',
        url: `${world.receiver.url}${PATH}`,
        body: '{"task": {{ task.id | json }}, "events": {{ payload.events | json }}}',
      },
    ],
  });
  const docs = Array.from({ length: DOCS * scale }, (_, n) => `doc-${n}`);
  /** The acknowledged events of each task, in order, as `doc/n`. */
  const acknowledged = new Map<string, string[]>();
  let sent = 0;
  return {
    send: () =>
      inOrder(docs, EACH, seconds, async (doc, n) => {
        // Two of three events come right after the one before them.
        if (n % 3 === 0) await sleep(world.random.below(1_500));
        const key = `${doc}/${n}`;
        const task = await post(world, agent.token, key, { doc, n });
        acknowledged.set(task, [...(acknowledged.get(task) ?? []), key]);
        sent++;
      }),
    judge: async () => {
      const ledger = openLedger('bursts', [
        ...COMMON_FAULTS,
        'events that are missing',
        'events in two runs',
        'runs whose events differ from those acknowledged',
        'runs that saw other events',
        ...TOLD_FAULTS,
      ]);
      ledger.note('events', sent);
      await waitForEnds(world, ledger, acknowledged.keys());
      await compareStored(world, ledger, agent.id, acknowledged.keys());
      await compareTold(world, ledger, PATH, acknowledged.keys(), (body) => JSON.parse(body).task);
      const runsOf = new Map<string, string[]>();
      const seen = new Map<string, string>();
      for (const body of world.receiver.at(PATH).values()) {
        const { task, events } = JSON.parse(body) as { task: string; events: { doc: string; n: number }[] };
        seen.set(task, events.map(({ doc, n }) => `${doc}/${n}`).join());
      }
      await forAll(acknowledged, async ([task, told]) => {
        const { events = [] } = await read<Trace>(world, `/api/tasks/${task}`);
        const keys = events.map(({ idempotency_key }) => idempotency_key);
        for (const key of keys) runsOf.set(key, [...(runsOf.get(key) ?? []), task]);
        if (keys.join() !== told.join())
          ledger.fault('runs whose events differ from those acknowledged', `${task}: ${keys} for ${told}`);
        if (seen.has(task) && seen.get(task) !== keys.join())
          ledger.fault('runs that saw other events', `${task}: ${seen.get(task)} for ${keys}`);
      });
      for (const key of [...acknowledged.values()].flat()) {
        const runs = runsOf.get(key) ?? [];
        if (runs.length === 0) ledger.fault('events that are missing', key);
        if (runs.length > 1) ledger.fault('events in two runs', `${key}: ${runs.join(', ')}`);
      }
      return ledger.figures();
    },
  };
};
