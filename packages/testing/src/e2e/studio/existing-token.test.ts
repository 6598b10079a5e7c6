import { afterAll, beforeAll, expect } from '@jest/globals';
import { type Stack, sharedStack } from '../../index.js';
import { test } from '../browser-test.js';
import { openStudio } from './open-studio.js';

const TOKEN = 'nSCr6OJR2CF0gcqnW4GzHCVZ1d4Yv5WlbaYmq8SEq0g';

let stack: Stack;
beforeAll(async () => {
  stack = await sharedStack();
});
afterAll(() => stack?.stop());

test('an agent takes over the URL that senders have', async () => {
  const { id } = await stack.createAgent({ name: 'Moved', model: 'sandbox:echo' });
  const { context, page, goto, seen } = await openStudio(stack);
  await goto(`/agents/${id}`);
  await page.getByRole('button', { name: 'Keep a URL that senders have' }).click();
  const field = page.getByLabel('Old URL, or its token');
  await field.fill('https://old.example.com/api/webhooks/agents/short');
  await page.getByRole('button', { name: 'Use this token' }).click();
  await page.getByRole('alert').filter({ hasText: /32/ }).first().waitFor();
  await field.fill(`https://old.example.com/api/webhooks/agents/${TOKEN}?x=1`);
  await page.getByRole('button', { name: 'Use this token' }).click();
  await page.getByText('Waiting for the first event').waitFor();
  const { status, body } = await stack.trigger(TOKEN, { a: 1 });
  expect(status).toBe(200);
  await page.getByText('The first event has arrived and runs').waitFor();
  expect(await stack.poll(body.task_id)).toMatchObject({ status: 'SUCCESS' });
  // The browser itself reports the refused token.
  expect(seen.otherHosts).toEqual([]);
  await context.close();
});
