import { chargingSteps } from '../../index.js';
import { makeAgent, post, spread } from '../asking.js';
import {
  COMMON_FAULTS,
  compareStored,
  compareTold,
  findDoubleCharges,
  TOLD_FAULTS,
  waitForEnds,
} from '../ends.js';
import { openLedger } from '../ledger.js';
import type { OpenKind } from './kind.js';

const ORDERS = 400;
/** How many calls each makes. None may be made twice, because the tool is not `repeat_safe`. */
const CALLS = 2;

/** Events without an order among each other, each with tool calls and a callback. */
export const openOrders: OpenKind = async (world, { scale, seconds }) => {
  const agent = await makeAgent(world, {
    name: 'Orders',
    tools: [world.shop.tool],
    sandbox_tools: true,
    callback: { url: `${world.receiver.url}/callback` },
  });
  const sandbox = { steps: chargingSteps(CALLS, 100), reply: 'done' };
  const tasks = new Map<string, string>();
  return {
    send: () =>
      spread(ORDERS * scale, seconds, async (n) => {
        const order = `order-${n}`;
        tasks.set(order, await post(world, agent.token, order, { order, sandbox }));
      }),
    judge: async () => {
      const ledger = openLedger('orders', [...COMMON_FAULTS, 'made twice', ...TOLD_FAULTS]);
      const ids = [...tasks.values()];
      await waitForEnds(world, ledger, ids);
      findDoubleCharges(world, ledger, 'order-');
      await compareTold(world, ledger, '/callback', ids, (body) => JSON.parse(body).data.task_id);
      await compareStored(world, ledger, agent.id, ids);
      return ledger.figures();
    },
  };
};
