import { beforeAll, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Stack, sharedStack, until } from '../../index.js';
import { test } from '../browser-test.js';
import { seriousViolations } from './accessibility.js';
import { openStudio } from './open-studio.js';

let stack: Stack;
const runs: string[] = [];

beforeAll(async () => {
  stack = await sharedStack();
  const { id } = await stack.createAgent({ name: 'Labeller', title_path: 'payload.issue.title' });
  const { token } = await stack.mintWebhook(id);
  for (const [title, sandbox] of [
    ['Printer hums', { reply: 'zebra' }],
    ['Printer is silent', { steps: [{ fail: 'auth' }] }],
    ['Door sticks', { reply: 'fine' }],
  ]) {
    const { body } = await stack.trigger(token, { issue: { title }, sandbox });
    await stack.poll(body.task_id);
    runs.push(body.task_id);
  }
});

const rows = (page: Page) => page.getByRole('row').filter({ hasText: 'Labeller' });
const hasRows = (page: Page, count: number) =>
  until(`${count} rows`, async () => (await rows(page).count()) === count);

test('runs are counted, found by words and by how they ended, and shown with their titles', async () => {
  const { context, page, seen, goto } = await openStudio(stack, { viewport: { width: 1440, height: 900 } });
  await goto('/runs');
  await page.getByText('3 runs', { exact: true }).waitFor();
  await page.getByText('Printer hums').waitFor();
  await page.getByRole('img', { name: /^3 runs, 1 failed/ }).waitFor();

  await page.keyboard.press('/');
  await page.keyboard.type('printer');
  await hasRows(page, 2);
  await page.getByText('2 runs', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'More filters' }).click();
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole('combobox', { name: 'Error code' }).fill('model_auth');
  await page.getByRole('option', { name: 'model_auth' }).click();
  await hasRows(page, 1);
  await page.keyboard.press('Escape');
  expect(new URL(page.url()).search).toBe('?text=printer&error=model_auth');

  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByLabel('Answer', { exact: true }).check();
  await page.keyboard.press('Escape');
  await page.getByRole('columnheader', { name: 'Answer' }).waitFor();
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByLabel('Save this view as').fill('Silent printers');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Clear filters' }).click();
  await hasRows(page, 3);
  await page.getByText('zebra').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('link', { name: 'Silent printers' }).click();
  await hasRows(page, 1);
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await context.close();
});

test('dragging over the chart zooms in, and an export has what is filtered', async () => {
  const { context, page, goto } = await openStudio(stack);
  await goto('/runs?range=1h');
  const chart = page.getByRole('img', { name: /runs, 1 failed/ });
  const box = await chart.boundingBox();
  if (!box) throw new Error('there is no chart');
  await page.mouse.move(box.x + box.width * 0.5, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 1, box.y + 10, { steps: 3 });
  await page.mouse.up();
  await page.waitForURL(/from=.*to=/);
  const { searchParams } = new URL(page.url());
  const [from, to] = ['from', 'to'].map((name) => Date.parse(JSON.parse(`"${searchParams.get(name)}"`)));
  expect(Math.round(((to ?? 0) - (from ?? 0)) / 60_000)).toBe(30);
  await page.getByRole('button', { name: 'Zoom out' }).click();
  await hasRows(page, 3);

  await goto('/runs?status=FAILURE');
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'CSV' }).click(),
  ]);
  const lines: string[] = [];
  for await (const chunk of await download.createReadStream())
    lines.push(...String(chunk).trim().split('\r\n'));
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(new RegExp(`^${runs[1]},.*Printer is silent$`));
  await context.close();
});
