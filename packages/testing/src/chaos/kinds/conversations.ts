import { chargingSteps, type TaskBody } from '../../index.js';
import { inOrder, makeAgent, post, read } from '../asking.js';
import { COMMON_FAULTS, chargesOf, compareStored, findDoubleCharges, forAll, waitForEnds } from '../ends.js';
import { type Ledger, openLedger } from '../ledger.js';
import type { OpenKind } from './kind.js';

const CHATS = 12;
const EACH = 8;

/** Whether numbers ascend. */
export const isAscending = (numbers: number[]): boolean =>
  numbers.every((number, n) => n === 0 || number > (numbers[n - 1] ?? 0));

/** How far the clocks of two processes may be apart, in ms: `followClock` allows each half of it. */
const CLOCK_ERROR_MS = 1_000;

/** Finds tasks of one conversation that ran before the one before them had ended. */
export function findOverlaps(ledger: Ledger, ends: (TaskBody | undefined)[]): void {
  for (const [n, task] of ends.entries()) {
    const before = ends[n - 1];
    if (!task?.started_at || !before?.finished_at) continue;
    const overlapMs = Date.parse(String(before.finished_at)) - Date.parse(String(task.started_at));
    if (overlapMs <= CLOCK_ERROR_MS) continue;
    const times = `until ${before.finished_at}, ${task.task_id} from ${task.started_at}`;
    ledger.fault('ran at the same time', `${before.task_id} ${times}`);
  }
}

/** Events of some chats, whose runs must keep their order, one at a time. */
export const openConversations: OpenKind = async (world, { scale, seconds }) => {
  const agent = await makeAgent(world, {
    name: 'Conversations',
    tools: [world.shop.tool],
    sandbox_tools: true,
    conversation: { key: '{{ payload.chat }}', when_busy: 'queue' },
  });
  const sandbox = { steps: chargingSteps(1, 100), reply: 'done' };
  const chats = Array.from({ length: CHATS * scale }, (_, n) => `chat-${n}`);
  const tasks = new Map<string, string[]>(chats.map((chat) => [chat, []]));
  return {
    send: () =>
      inOrder(chats, EACH, seconds, async (chat, n) => {
        // The order of a charge is its chat, its number the place of the event in it.
        const steps = sandbox.steps.map((step) => ({
          ...step,
          tool: { name: 'charge', arguments: { n } },
        }));
        const payload = { order: chat, chat, sandbox: { ...sandbox, steps } };
        tasks.get(chat)?.push(await post(world, agent.token, `${chat}/${n}`, payload));
      }),
    judge: async () => {
      const ledger = openLedger('conversations', [
        ...COMMON_FAULTS,
        'made twice',
        'out of order',
        'ran at the same time',
        'turns that differ',
      ]);
      const all = [...tasks.values()].flat();
      const ends = await waitForEnds(world, ledger, all);
      findDoubleCharges(world, ledger, 'chat-');
      await compareStored(world, ledger, agent.id, all);
      await forAll(tasks, async ([chat, ids]) => {
        const charges = chargesOf(world, chat);
        if (!isAscending(charges)) ledger.fault('out of order', `${chat}: ${charges.join(' ')}`);
        findOverlaps(
          ledger,
          ids.map((id) => ends.get(id)),
        );
        const conversation = ids.map((id) => ends.get(id)?.conversation_id).find(Boolean);
        if (conversation === undefined) return;
        const { turns } = await read<{ turns: { task_id: string }[] }>(
          world,
          `/api/conversations/${conversation}`,
        );
        const told = turns.map(({ task_id }) => task_id);
        if (told.join() !== ids.join()) ledger.fault('turns that differ', `${chat}: ${told.length}`);
      });
      return ledger.figures();
    },
  };
};
