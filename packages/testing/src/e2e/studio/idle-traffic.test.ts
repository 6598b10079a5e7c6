import { afterAll, beforeAll, expect } from '@jest/globals';
import { type Stack, sharedStack, until } from '../../index.js';
import { test } from '../browser-test.js';
import { openStudio } from './open-studio.js';

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});
afterAll(() => stack?.stop());

/** How often the page must have read its list again. */
const READINGS = 2;

test('the idle list of runs is sent nothing that it has', async () => {
  const { id } = await stack.createAgent({ name: 'Idle', system_prompt: 'x'.repeat(2_000) });
  const { token } = await stack.mintWebhook(id);
  const ids = await Promise.all(
    Array.from({ length: 20 }, async () => (await stack.trigger(token, {})).body.task_id),
  );
  await Promise.all(ids.map((task) => stack.poll(task)));
  const { page, goto } = await openStudio(stack);
  const statuses: number[] = [];
  await goto('/runs');
  page.on('response', (response) => {
    if (response.url().includes('/api/tasks?')) statuses.push(response.status());
  });
  await until('the list is read again', async () => statuses.length >= READINGS, { timeoutMs: 60_000 });
  expect(statuses).toEqual(statuses.map(() => 304));
  await page.getByText('Idle').first().waitFor();
});
