import { inOrder, makeAgent, post } from '../asking.js';
import { COMMON_FAULTS, chargesOf, compareStored, findDoubleCharges, waitForEnds } from '../ends.js';
import { openLedger } from '../ledger.js';
import { findOverlaps, isAscending } from './conversations.js';
import type { OpenKind } from './kind.js';

const CHATS = 6;
const EACH = 10;
/** How long a turn takes, in ms: long enough to be superseded. */
const TURN_MS = 1_500;

/** Events of some chats, of which only the newest counts. */
export const openSuperseded: OpenKind = async (world, { scale, seconds }) => {
  const agent = await makeAgent(world, {
    name: 'Superseded',
    tools: [world.shop.tool],
    sandbox_tools: true,
    conversation: { key: '{{ payload.chat }}', when_busy: 'supersede' },
  });
  const chats = Array.from({ length: CHATS * scale }, (_, n) => `newest-${n}`);
  const tasks = new Map<string, string[]>(chats.map((chat) => [chat, []]));
  return {
    send: () =>
      inOrder(chats, EACH, seconds, async (chat, n) => {
        // Every other event has the time to end before the next one.
        const latency_ms = n % 2 === 0 ? TURN_MS * 4 : TURN_MS;
        const steps = [{ latency_ms, tool: { name: 'charge', arguments: { n } } }];
        const payload = { order: chat, chat, sandbox: { steps, reply: 'done' } };
        tasks.get(chat)?.push(await post(world, agent.token, `${chat}/${n}`, payload));
      }),
    judge: async () => {
      const ledger = openLedger('superseded', [
        ...COMMON_FAULTS,
        'made twice',
        'out of order',
        'ran at the same time',
        'newest ones that were superseded',
      ]);
      const all = [...tasks.values()].flat();
      const ends = await waitForEnds(world, ledger, all, ['superseded']);
      const superseded = [...ends.values()].filter(({ status }) => status === 'FAILURE').length;
      ledger.note('tasks that were superseded', superseded);
      findDoubleCharges(world, ledger, 'newest-');
      await compareStored(world, ledger, agent.id, all);
      for (const [chat, ids] of tasks) {
        const charges = chargesOf(world, chat);
        if (!isAscending(charges)) ledger.fault('out of order', `${chat}: ${charges.join(' ')}`);
        const inTurn = ids.map((id) => ends.get(id));
        findOverlaps(ledger, inTurn);
        const newest = inTurn.at(-1);
        if (newest?.status === 'FAILURE') ledger.fault('newest ones that were superseded', newest.task_id);
      }
      return ledger.figures();
    },
  };
};
