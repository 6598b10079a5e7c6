import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Stack, sharedStack, until } from '../../index.js';
import { test } from '../browser-test.js';
import { openStudio } from './open-studio.js';
import { watchWire } from './wire.js';

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});
afterAll(() => stack?.stop());

/** How often the page must have read its list again. */
const READINGS = 2;
/** How long a page is watched, in ms: longer than the time between two readings of any list. */
const WATCHED_MS = 30_000;
/** What an idle list may be sent in a minute, in bytes. */
const MOST_A_MINUTE = 10_000;

test('idle lists are sent at most 10 kB in a minute, and the runs nothing that the page has', async () => {
  const { id } = await stack.createAgent({ name: 'Idle', system_prompt: 'x'.repeat(2_000) });
  const { token } = await stack.mintWebhook(id);
  const ids = await Promise.all(
    Array.from({ length: 20 }, async () => (await stack.trigger(token, {})).body.task_id),
  );
  await Promise.all(ids.map((task) => stack.poll(task)));

  const paths = ['/runs', '/agents', '/events?kind=refused', '/schedules', '/bulk', '/approvals'];
  const watched = await Promise.all(
    paths.map(async (path) => {
      const { context, page, goto } = await openStudio(stack);
      await goto(path);
      return { path, context, page, wire: await watchWire(context, page) };
    }),
  );
  const runs = watched[0]?.page as Page;
  const statuses: number[] = [];
  runs.on('response', (response) => {
    if (response.url().includes('/api/tasks?')) statuses.push(response.status());
  });
  // The first readings after the load are not idle.
  await sleep(2_000);
  for (const { wire } of watched) wire.take();
  await sleep(WATCHED_MS);
  const sent = watched.map(({ path, wire }) => {
    const bytes = [...wire.take().values()].reduce((sum, each) => sum + each, 0);
    return [path, (bytes * 60_000) / WATCHED_MS] as const;
  });
  expect(sent.filter(([, aMinute]) => aMinute > MOST_A_MINUTE)).toEqual([]);
  expect(Math.max(...sent.map(([, aMinute]) => aMinute))).toBeGreaterThan(0);
  await until('the list of runs was read again', async () => statuses.length >= READINGS, {
    timeoutMs: 60_000,
  });
  expect(statuses).toEqual(statuses.map(() => 304));
  await runs.getByText('Idle').first().waitFor();
  await Promise.all(watched.map(({ context }) => context.close()));
}, 150_000);
