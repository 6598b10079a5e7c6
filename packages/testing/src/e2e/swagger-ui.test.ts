import { beforeAll, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Stack, sharedStack, until } from '../index.js';
import { OTHER_NAME, sharedBrowser, watchPage } from './browser.js';
import { test } from './browser-test.js';

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});

/** What a person sees of an answer below the Execute button. */
interface Shown {
  status: string;
  body: string;
}

/**
 * Opens an operation, fills in its form as a person would, presses Execute and reads the answer from the
 * page.
 */
async function execute(
  page: Page,
  operation: string,
  { fields = {}, body }: { fields?: Record<string, string>; body?: unknown } = {},
): Promise<Shown> {
  const block = page.locator(`.opblock[id$="-${operation}"]`);
  if (!(await block.getByRole('button', { name: 'Execute' }).isVisible())) {
    await block.locator('.opblock-summary-control').click();
  }
  for (const [name, value] of Object.entries(fields)) {
    await block.locator(`tr[data-param-name="${name}"] input`).fill(value);
  }
  if (body !== undefined)
    await block.locator('textarea.body-param__text').fill(JSON.stringify(body, null, 2));
  const clear = block.getByRole('button', { name: 'Clear' });
  if (await clear.isVisible()) await clear.click();
  await block.getByRole('button', { name: 'Execute' }).click();
  const answer = block.locator('.live-responses-table .response');
  return {
    status: (await answer.locator('.response-col_status').textContent()) ?? '',
    body: (await answer.locator('.highlight-code code').first().textContent()) ?? '',
  };
}

test('Swagger UI leads a person from the API key to the result of a task on one page', async () => {
  const page = await (await sharedBrowser()).newPage({ viewport: { width: 1280, height: 900 } });
  const seen = watchPage(page);
  // With a name that a colleague's machine would have, because browsers treat localhost like https.
  await page.goto(`${stack.url.replace('127.0.0.1', OTHER_NAME)}/docs`);

  const anonymous = await execute(page, 'createAgent', { body: { name: 'Nobody' } });
  expect(anonymous.status).toContain('401');

  await page.getByRole('button', { name: 'Authorize', exact: true }).click();
  const bearer = page.locator('.auth-container').filter({ hasText: 'apiKey (http, Bearer)' });
  await bearer.locator('input').fill(stack.adminKey);
  await bearer.getByRole('button', { name: 'Apply credentials' }).click();
  await bearer.getByRole('button', { name: 'Close' }).click();

  const agent = await execute(page, 'createAgent', { body: { name: 'Made in the browser' } });
  expect(agent.status).toContain('201');
  const { id } = JSON.parse(agent.body);

  const minted = await execute(page, 'mintWebhook', { fields: { id } });
  expect(minted.status).toContain('200');
  const { token } = JSON.parse(minted.body);

  const question = { question: 'Can I try this from the page?' };
  const fired = await execute(page, 'triggerAgent', { fields: { token }, body: question });
  expect(fired.status).toContain('200');
  const { task_id } = JSON.parse(fired.body);

  const task = await until('the page shows SUCCESS', async () => {
    const shown = await execute(page, 'getTaskStatus', { fields: { task_id } });
    const state = JSON.parse(shown.body);
    return state.status === 'SUCCESS' && state;
  });
  expect(task.result.answer).toContain(question.question);

  // The only console message is the browser's, about the call without a key.
  expect(seen).toEqual({ problems: [expect.stringContaining('401')], otherHosts: [] });
});
