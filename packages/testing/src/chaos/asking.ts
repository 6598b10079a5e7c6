import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../index.js';
import type { World } from './world.js';

const PAUSE_MS = 200;

/** Whether an answer says that the request may be repeated. */
const isPassing = ({ status }: Answer<unknown>) => status >= 500 || status === 429;

/**
 * Asks until there is an answer that counts, as a careful program does: again after none, 429 and 5xx.
 *
 * @throws once the run is over
 */
export async function persist<T>(world: World, ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined && !isPassing(answer)) return answer;
    if (world.isOver()) throw new Error('nothing happens any more, and the api does not answer');
    world.repeated++;
    await sleep(PAUSE_MS * (1 + Math.random()));
  }
}

/** A JSON answer to GET with the admin key. Throws if it is not 200. */
export async function read<T>(world: World, path: string): Promise<T> {
  const { status, body } = await persist(world, () => world.api.request<T>('GET', path));
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** All calls that wait for somebody, oldest first. */
export async function readPending<T>(world: World): Promise<T[]> {
  const found: T[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = new URLSearchParams({ status: 'pending', limit: '100', ...(cursor && { cursor }) });
    const page: { approvals: T[]; next_cursor: string | null } = await read(world, `/api/approvals?${query}`);
    found.push(...page.approvals);
    cursor = page.next_cursor;
  }
  return found;
}

/**
 * Posts an event until it is acknowledged, and returns its task's id.
 *
 * @param key its idempotency key
 * @throws if it is refused
 */
export async function post(world: World, token: string, key: string, payload: unknown): Promise<string> {
  const { status, body } = await persist(world, () =>
    world.api.trigger(token, payload, { 'idempotency-key': key }),
  );
  world.hasProgressed();
  if (status !== 200) throw new Error(`the event ${key} was refused: ${status} ${JSON.stringify(body)}`);
  return body.task_id;
}

/** Creates an agent with a webhook. */
export async function makeAgent(
  world: World,
  fields: Record<string, unknown>,
): Promise<{ id: string; token: string }> {
  const create = async <T>(path: string, body: unknown) => {
    const { status, body: made } = await persist(world, () => world.api.request<T>('POST', path, body));
    if (status >= 300) throw new Error(`POST ${path}: ${status} ${JSON.stringify(made)}`);
    return made;
  };
  const { id } = await create<{ id: string }>('/api/agents', { model: 'sandbox:echo', ...fields });
  const { token } = await create<{ token: string }>(`/api/agents/${id}/webhook`, {});
  return { id, token };
}

/** Calls `send` for each number below `count`, evenly over so many seconds, and at most 20 at a time. */
export async function spread(
  count: number,
  seconds: number,
  send: (n: number) => Promise<void>,
): Promise<void> {
  const began = performance.now();
  let next = 0;
  const sendSome = async () => {
    for (let n = next++; n < count; n = next++) {
      await sleep(Math.max(0, began + (n / count) * seconds * 1000 - performance.now()));
      await send(n);
    }
  };
  await Promise.all(Array.from({ length: 20 }, sendSome));
}

/** Some keys with so many events each: an event is sent once the one before it is acknowledged. */
export async function inOrder(
  keys: string[],
  each: number,
  seconds: number,
  send: (key: string, n: number) => Promise<void>,
): Promise<void> {
  const began = performance.now();
  await Promise.all(
    keys.map(async (key, place) => {
      for (let n = 0; n < each; n++) {
        const due = ((n + place / keys.length) / each) * seconds * 1000;
        await sleep(Math.max(0, began + due - performance.now()));
        await send(key, n);
      }
    }),
  );
}
