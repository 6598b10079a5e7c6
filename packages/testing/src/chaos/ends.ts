import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskBody } from '../index.js';
import { read } from './asking.js';
import type { Ledger } from './ledger.js';
import type { World } from './world.js';

/** What every kind of work must not show. */
export const COMMON_FAULTS = ['lost', 'stored a second time', 'missing in lists', 'failed'];

const PARALLEL = 20;
/** How many lines of logs are shown about a task that has failed. */
const LINES_SHOWN = 10;

/** Calls `look` for each, at most 20 at a time, in no order. */
export async function forAll<T>(all: Iterable<T>, look: (one: T) => Promise<void>): Promise<void> {
  const queue = all[Symbol.iterator]();
  const lookAtSome = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) await look(next.value);
  };
  await Promise.all(Array.from({ length: PARALLEL }, lookAtSome));
}

/** The task once it has ended; else what was last known of it, once nothing happens any more. */
async function endOf(world: World, id: string): Promise<TaskBody | string> {
  let last = 'its status was never read';
  while (!world.isOver()) {
    const url = `${world.apiUrl()}/api/task_status?task_id=${id}&wait=5`;
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status === 404) return 'it is unknown';
    if (answer?.status === 200) {
      const task = (await answer.json()) as TaskBody;
      if (task.status === 'SUCCESS' || task.status === 'FAILURE') {
        world.hasProgressed();
        return task;
      }
      last = `${task.status} ${JSON.stringify(task.waiting_for)}`;
    } else await sleep(200);
  }
  return last;
}

/**
 * Waits for the ends of tasks. Each must be known and succeed, unless its code is expected. Returns those
 * that have ended.
 */
export async function waitForEnds(
  world: World,
  ledger: Ledger,
  ids: Iterable<string>,
  expected: string[] = [],
): Promise<Map<string, TaskBody>> {
  const ends = new Map<string, TaskBody>();
  let unknownCalls = 0;
  await forAll(new Set(ids), async (id) => {
    const task = await endOf(world, id);
    if (typeof task === 'string') {
      ledger.fault('lost', `${id}: ${task}`);
      return;
    }
    ends.set(id, task);
    const error: { code: string; message: string } | undefined = task.result?.error;
    if (error !== undefined && !expected.includes(error.code)) {
      const lines = world.places.linesAbout(id).slice(-LINES_SHOWN);
      ledger.fault('failed', [`${id} ended ${error.code}: ${error.message}`, ...lines].join('\n'));
    }
    const calls: { error: string | null }[] = task.result?.tool_calls ?? [];
    unknownCalls += calls.filter(({ error }) => error?.includes('not known')).length;
  });
  ledger.note('tasks', ends.size);
  if (unknownCalls > 0) ledger.note('tool calls whose outcome is not known', unknownCalls);
  return ends;
}

/** A task as lists show it. */
interface Summary {
  task_id: string;
  schedule?: { id: string; due_at: string };
  parent?: { task_id: string };
  relayed_from?: { task_id: string };
  replay_of?: string | null;
}

/** All stored tasks of an agent, newest first. */
export async function storedTasks(world: World, agentId: string): Promise<Summary[]> {
  const found: Summary[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = new URLSearchParams({ limit: '100', agent_id: agentId, ...(cursor && { cursor }) });
    const page: { tasks: Summary[]; next_cursor: string | null } = await read(world, `/api/tasks?${query}`);
    found.push(...page.tasks);
    cursor = page.next_cursor;
  }
  return found;
}

/** Compares what is stored of an agent with the tasks that its senders were told about. */
export async function compareStored(
  world: World,
  ledger: Ledger,
  agentId: string,
  ids: Iterable<string>,
): Promise<void> {
  const stored = new Set((await storedTasks(world, agentId)).map(({ task_id }) => task_id));
  const told = new Set(ids);
  for (const id of stored) if (!told.has(id)) ledger.fault('stored a second time', id);
  for (const id of told) if (!stored.has(id)) ledger.fault('missing in lists', id);
}

/** What the tool server was asked for: the numbers of the charges of an order, as they came. */
export function chargesOf({ shop }: World, order: string): number[] {
  return shop.charges
    .filter((path) => path.startsWith(`/${order}/`))
    .map((path) => Number(path.split('/')[2]));
}

/** Finds charges of orders with this prefix that were made more than once. */
export function findDoubleCharges({ shop }: World, ledger: Ledger, prefix: string): void {
  const seen = new Set<string>();
  for (const path of shop.charges.filter((charge) => charge.startsWith(`/${prefix}`))) {
    if (seen.has(path)) ledger.fault('made twice', path);
    seen.add(path);
  }
  ledger.note('tool calls', seen.size);
}

/**
 * Waits until the receiver has a delivery about each task at a path, and compares.
 *
 * @param taskOf the task that a delivery is about
 */
export async function compareTold(
  world: World,
  ledger: Ledger,
  path: string,
  ids: Iterable<string>,
  taskOf: (body: string) => string | undefined,
): Promise<void> {
  const expected = new Set(ids);
  const told = () => {
    const deliveries = new Map<string, string[]>();
    for (const [delivery, body] of world.receiver.at(path)) {
      const task = taskOf(body);
      if (task !== undefined) deliveries.set(task, [...(deliveries.get(task) ?? []), delivery]);
    }
    return deliveries;
  };
  while (!world.isOver() && told().size < expected.size) await sleep(500);
  const deliveries = told();
  for (const id of expected) if (!deliveries.has(id)) ledger.fault('not told', id);
  for (const [task, names] of deliveries) {
    if (!expected.has(task)) ledger.fault('told without a reason', task);
    if (names.length > 1) ledger.fault('told under two ids', `${task}: ${names.join(', ')}`);
  }
}

export const TOLD_FAULTS = ['not told', 'told without a reason', 'told under two ids'];
