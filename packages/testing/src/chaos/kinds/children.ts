import { chargingSteps } from '../../index.js';
import { makeAgent, post, read, spread } from '../asking.js';
import {
  COMMON_FAULTS,
  compareStored,
  findDoubleCharges,
  forAll,
  storedTasks,
  waitForEnds,
} from '../ends.js';
import { openLedger } from '../ledger.js';
import type { OpenKind } from './kind.js';

const PARENTS = 40;
/** What each parent asks its child for, one after the other. */
const QUESTIONS = ['a', 'b'];

interface Trace {
  result: { answer: string };
  steps: { tool_calls: { result: unknown; error: string | null; child?: { task_id: string } }[] }[];
}

/** Agents that use another agent as a tool: one task for each call, whose end continues the parent. */
export const openChildren: OpenKind = async (world, { scale, seconds }) => {
  const common = { sandbox_tools: true, input_schema: { type: 'object' } };
  const child = await makeAgent(world, { name: 'Child', tools: [world.shop.tool], ...common });
  const tools = [{ type: 'agent', name: 'ask', agent_id: child.id }];
  const parent = await makeAgent(world, { name: 'Parent', tools, ...common });
  const tasks: string[] = [];
  return {
    send: () =>
      spread(PARENTS * scale, seconds, async (n) => {
        const steps = QUESTIONS.map((reply) => {
          const order = `child-${n}-${reply}`;
          const question = { order, sandbox: { steps: chargingSteps(1, 100), reply } };
          return { tool: { name: 'ask', arguments: question } };
        });
        tasks.push(await post(world, parent.token, `parent-${n}`, { sandbox: { steps, reply: 'done' } }));
      }),
    judge: async () => {
      const ledger = openLedger('children', [
        ...COMMON_FAULTS,
        'parents without all results',
        'calls without their task',
        'made twice',
      ]);
      await waitForEnds(world, ledger, tasks);
      await compareStored(world, ledger, parent.id, tasks);
      const called: string[] = [];
      await forAll(tasks, async (id) => {
        const { result, steps } = await read<Trace>(world, `/api/tasks/${id}`);
        const calls = steps.flatMap(({ tool_calls }) => tool_calls);
        const results = calls.map((call) => call.result);
        if (result?.answer !== 'done' || results.join() !== QUESTIONS.join())
          ledger.fault('parents without all results', `${id}: ${JSON.stringify(calls)}`);
        for (const call of calls)
          if (call.child) called.push(call.child.task_id);
          else ledger.fault('calls without their task', id);
      });
      await waitForEnds(world, ledger, called);
      const stored = await storedTasks(world, child.id);
      ledger.note('tasks of children', stored.length);
      await compareStored(world, ledger, child.id, called);
      findDoubleCharges(world, ledger, 'child-');
      return ledger.figures();
    },
  };
};
