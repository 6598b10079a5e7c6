import { chargingSteps } from '../../index.js';
import { inOrder, makeAgent, post, read } from '../asking.js';
import { COMMON_FAULTS, compareStored, findDoubleCharges, forAll, waitForEnds } from '../ends.js';
import { openLedger } from '../ledger.js';
import type { OpenKind } from './kind.js';

const CHATS = 6;
const EACH = 10;

/** Events of some chats whose runs have no order: each runs once, and is one turn. */
export const openParallel: OpenKind = async (world, { scale, seconds }) => {
  const agent = await makeAgent(world, {
    name: 'Parallel',
    tools: [world.shop.tool],
    sandbox_tools: true,
    conversation: { key: '{{ payload.chat }}', when_busy: 'parallel' },
  });
  const chats = Array.from({ length: CHATS * scale }, (_, n) => `parallel-${n}`);
  const tasks = new Map<string, string[]>(chats.map((chat) => [chat, []]));
  return {
    send: () =>
      inOrder(chats, EACH, seconds, async (chat, n) => {
        const steps = chargingSteps(1, 1_000).map((step) => ({
          ...step,
          tool: { name: 'charge', arguments: { n } },
        }));
        const payload = { order: chat, chat, sandbox: { steps, reply: 'done' } };
        tasks.get(chat)?.push(await post(world, agent.token, `${chat}/${n}`, payload));
      }),
    judge: async () => {
      const ledger = openLedger('parallel', [...COMMON_FAULTS, 'made twice', 'turns that differ']);
      const all = [...tasks.values()].flat();
      const ends = await waitForEnds(world, ledger, all);
      findDoubleCharges(world, ledger, 'parallel-');
      await compareStored(world, ledger, agent.id, all);
      await forAll(tasks, async ([chat, ids]) => {
        const conversation = ids.map((id) => ends.get(id)?.conversation_id).find(Boolean);
        if (conversation === undefined) return;
        const path = `/api/conversations/${conversation}`;
        const { turns } = await read<{ turns: { task_id: string }[] }>(world, path);
        const told = turns.map(({ task_id }) => task_id).sort();
        if (told.join() !== ids.toSorted().join())
          ledger.fault('turns that differ', `${chat}: ${told.length} turns of ${ids.length} tasks`);
      });
      return ledger.figures();
    },
  };
};
