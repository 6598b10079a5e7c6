import { setTimeout as sleep } from 'node:timers/promises';
import { apiClient, type TaskBody } from '../index.js';
import type { Sent } from './senders.js';
import { CALLS, type World } from './world.js';

/** How long acknowledged tasks may take to end after the last fault, in ms, and callbacks after that. */
const END_MS = 180_000;
const TOLD_MS = 60_000;
const PARALLEL = 20;

/** What happened to the orders. */
export interface Outcome {
  /** Acknowledged, but unknown or without an end. */
  lost: number;
  /** Ends other than SUCCESS, by code. */
  failed: Record<string, number>;
  /** Calls beyond the first of each. */
  callsTwice: number;
  /** Calls whose process died before their outcome was recorded: the model was told so. */
  callsUnknown: number;
  /** Stored tasks that no sender was told about. */
  unasked: number;
  notTold: number;
  /** Ends that were delivered under more than one `webhook-id`. */
  toldTwice: number;
}

/** Waits until everything has ended, and counts. */
export async function countOutcome(world: World, { tasks }: Sent): Promise<Outcome> {
  const outcome: Outcome = {
    lost: 0,
    failed: {},
    callsTwice: 0,
    callsUnknown: 0,
    unasked: 0,
    notTold: 0,
    toldTwice: 0,
  };
  const ids = [...new Set(tasks.values())];
  const deadline = Date.now() + END_MS;
  const queue = ids.values();
  const look = async () => {
    for (const id of queue) {
      const task = await endOf(world, id, deadline);
      if (!task) {
        outcome.lost++;
        continue;
      }
      const { status, result } = task;
      if (status === 'FAILURE')
        outcome.failed[result.error.code] = (outcome.failed[result.error.code] ?? 0) + 1;
      const calls: { error: string | null }[] = result.tool_calls;
      outcome.callsUnknown += calls.filter(({ error }) => error?.includes('not known')).length;
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, look));
  for (const end = Date.now() + TOLD_MS; Date.now() < end && ids.some((id) => !world.told.has(id)); )
    await sleep(500);
  outcome.notTold = ids.filter((id) => !world.told.has(id)).length;
  outcome.toldTwice = [...world.told.values()].filter((names) => names.size > 1).length;
  const { charges } = world.shop;
  outcome.callsTwice = charges.length - new Set(charges).size;
  const stored = await apiClient(() => world.api()?.url ?? '', world.stack.adminKey).taskIds();
  outcome.unasked = stored.length - ids.length;
  return outcome;
}

/** Undefined if it is unknown, or has not ended in time. */
async function endOf({ stack, api }: World, id: string, deadline: number): Promise<TaskBody | undefined> {
  while (Date.now() < deadline) {
    const url = `${api()?.url}/api/task_status?task_id=${id}&wait=5`;
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status === 404) return undefined;
    if (answer?.status === 200) {
      const task = (await answer.json()) as TaskBody;
      if (task.status === 'SUCCESS' || task.status === 'FAILURE') return task;
    } else await sleep(200);
  }
  process.stderr.write(
    `chaos: task ${id} has not ended\n${stack.logs().split('\n').slice(-20).join('\n')}\n`,
  );
  return undefined;
}

/** The expected number of calls. */
export const expectedCalls = ({ tasks }: Sent): number => tasks.size * CALLS;
