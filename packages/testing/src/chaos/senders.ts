import { setTimeout as sleep } from 'node:timers/promises';
import { chargingSteps } from '../index.js';
import { CALLS, type World } from './world.js';

const SENDERS = 20;
const PAUSE_MS = 200;
const STEPS = chargingSteps(CALLS, 100);

/** The answers to the senders. */
export interface Sent {
  /** The task of each order, as acknowledged. */
  tasks: Map<string, string>;
  /** Posts that were refused, or not answered, and repeated with the same key. */
  repeated: number;
}

/**
 * Sends `count` orders over `seconds`, as a careful sender does: with an idempotency key, and repeatedly
 * until the answer is 200.
 */
export async function sendOrders(world: World, count: number, seconds: number, sent: Sent): Promise<void> {
  const began = performance.now();
  let next = 0;
  const send = async (order: string) => {
    for (;;) {
      const api = world.api();
      const url = `${api?.url}/api/webhooks/agents/${world.token}`;
      const body = { order, sandbox: { steps: STEPS, reply: 'done' } };
      const answer =
        api && (await world.stack.trigger(url, body, { 'idempotency-key': order }).catch(() => undefined));
      if (answer?.status === 200) {
        sent.tasks.set(order, answer.body.task_id);
        return;
      }
      sent.repeated++;
      await sleep(PAUSE_MS * (1 + Math.random()));
    }
  };
  const sendSome = async () => {
    for (let n = next++; n < count; n = next++) {
      await sleep(Math.max(0, began + (n / count) * seconds * 1000 - performance.now()));
      await send(`order-${n}`);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sendSome));
}
