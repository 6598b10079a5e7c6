import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Stack, startStack, until } from '../../index.js';
import { test } from '../browser-test.js';
import { seriousViolations } from './accessibility.js';
import { openStudio } from './open-studio.js';

let stack: Stack;
let token: string;

beforeAll(async () => {
  // One task at a time, so that tasks behind a slow one wait.
  stack = await startStack({ env: { WORKER_CONCURRENCY: '1' } });
  const agent = await stack.createAgent({ name: 'Ticket triage', model: 'sandbox:echo' });
  ({ token } = await stack.mintWebhook(agent.id));
});

afterAll(async () => {
  await stack?.stop();
});

/** No run continues into the next test. */
afterEach(async () => {
  const { body } = await stack.request<{ tasks: { task_id: string }[] }>(
    'GET',
    '/api/tasks?status=PENDING&status=STARTED',
  );
  for (const { task_id } of body.tasks) await stack.request('POST', `/api/tasks/${task_id}/cancel`);
});

/** The columns of a run at the width of a laptop. */
const COLUMNS = ['Status', 'Agent', 'Trigger', 'Started', 'Duration', 'Attempt', 'Tokens', 'Cost'];

const trigger = async (sandbox: object, key?: string) =>
  (await stack.trigger(token, { sandbox }, key ? { 'idempotency-key': key } : {})).body.task_id;
const rowOf = (page: Page, taskId: string) => page.getByRole('row').filter({ hasText: taskId.slice(0, 8) });
/** Waits until a run's row shows a text. */
const says = (page: Page, taskId: string, text: string) =>
  rowOf(page, taskId).getByText(text).first().waitFor();

test('runs appear and change by themselves, and are found by filters that a reload keeps, and by keyboard alone', async () => {
  const { context, page, seen, goto } = await openStudio(stack);
  await goto('/runs');
  await page.getByText('Nothing has run yet').waitFor();
  expect(await seriousViolations(page)).toEqual([]);

  const good = await trigger({ reply: 'done' }, 'order-1');
  await says(page, good, 'SUCCESS');
  const bad = await trigger({ steps: [{ fail: 'refused' }] }, 'order-2');
  await says(page, bad, 'model_refused');
  expect(await seriousViolations(page)).toEqual([]);
  const columns = await page.getByRole('columnheader').allInnerTexts();
  expect(columns.filter(Boolean)).toEqual(expect.arrayContaining(COLUMNS));

  await page.getByRole('group', { name: 'Status' }).getByText('FAILURE').click();
  await page.waitForURL('**/runs?status=FAILURE');
  await rowOf(page, good).waitFor({ state: 'detached' });
  await page.reload();
  await rowOf(page, bad).waitFor();
  expect(await rowOf(page, good).count()).toBe(0);
  await page.getByLabel('Task id or idempotency key').fill('order-1');
  await page.getByText('No run matches these filters').waitFor();
  await page.getByRole('link', { name: 'Clear filters' }).click();
  await page.waitForURL('**/runs');
  await rowOf(page, good).waitFor();
  expect(await page.getByLabel('Task id or idempotency key').inputValue()).toBe('');

  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/runs/${good}`);
  await page.getByRole('heading', { name: good.slice(0, 8) }).waitFor();
  await page.keyboard.press('k');
  await page.waitForURL(`**/runs/${bad}`);
  await page.keyboard.press('Escape');
  await page.waitForURL('**/runs');
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await context.close();
});

test('a waiting run is cancelled; several are replayed, with a summary', async () => {
  const slow = await trigger({ steps: [{ latency_ms: 600_000 }] });
  const waiting = await trigger({ reply: 'later' });
  const { context, page, seen, goto } = await openStudio(stack);
  await goto('/runs');
  await says(page, slow, 'STARTED');
  await says(page, waiting, 'PENDING');

  await rowOf(page, waiting)
    .getByRole('button', { name: /Actions/ })
    .click();
  await page.getByRole('menuitem', { name: 'Cancel' }).click();
  const question = page.getByRole('dialog');
  expect(await seriousViolations(page)).toEqual([]);
  await question.getByRole('button', { name: 'Cancel the run' }).click();
  await says(page, waiting, 'cancelled');
  expect((await stack.status(waiting)).body.result.error.code).toBe('cancelled');

  for (const id of [slow, waiting]) await rowOf(page, id).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Cancel 1' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel 1 run' }).click();
  await page.getByText('1 of 1 cancelled.').waitFor();
  await page.getByRole('button', { name: 'Done' }).click();

  const ended = page.getByRole('row').filter({ hasText: /SUCCESS|cancelled/ });
  await ended.nth(1).waitFor();
  for (const nth of [0, 1]) await ended.nth(nth).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Replay', exact: true }).click();
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Replay 2 runs' }).click();
  await page.getByText('2 of 2 replayed.').waitFor();
  await page.getByRole('button', { name: 'Done' }).click();
  // Nothing new appears under the pointer.
  await page.getByRole('heading', { name: 'Runs' }).hover();
  await page.getByRole('row').filter({ hasText: 'Replay' }).nth(1).waitFor();

  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await context.close();
});

test('all runs that match are replayed as a job, whatever the page has loaded', async () => {
  const { id } = await stack.createAgent({ name: 'Many runs', model: 'sandbox:echo' });
  const many = await stack.mintWebhook(id);
  const ids: string[] = [];
  for (let n = 0; n < 60; n += 1)
    ids.push((await stack.trigger(many.token, { sandbox: { reply: `answer ${n}` } })).body.task_id);
  for (const each of ids) await stack.poll(each, { timeoutMs: 30_000 });
  const { context, page, seen, goto } = await openStudio(stack);
  await goto(`/runs?agent=${id}&status=SUCCESS`);
  await rowOf(page, ids.at(-1) ?? '')
    .getByRole('checkbox')
    .check();
  await page.getByRole('button', { name: 'All 60 that match' }).click();
  await page.getByRole('button', { name: 'Replay all' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replay 60 runs' });
  expect(await seriousViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Replay 60 runs' }).click();
  await dialog.getByText('60 of 60 replayed.').waitFor();
  await dialog.getByRole('button', { name: 'Done' }).click();
  const { body } = await stack.request<{ count: number }>('GET', `/api/tasks/count?agent_id=${id}`);
  expect(body.count).toBe(120);
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await context.close();
});

test('a long list is rendered in part, loads more by itself, and does not move while someone reads it', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 70; n += 1) ids.push(await trigger({ reply: `answer ${n}` }));
  await stack.poll(ids.at(-1) ?? '', { timeoutMs: 30_000 });
  const { context, page, seen, goto } = await openStudio(stack);
  await goto('/runs');
  const [oldest = '', second = ''] = ids;
  expect(await rowOf(page, second).count()).toBe(0);
  await until('the oldest is reached by scrolling', async () => {
    await page.mouse.wheel(0, 600);
    return (await rowOf(page, oldest).count()) === 1;
  });
  expect(await page.getByRole('row').count()).toBeLessThan(60);

  const place = async () => (await rowOf(page, oldest).boundingBox())?.y;
  const before = await until('the page does not move', async () => {
    const at = await place();
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    return at === (await place()) && at;
  });
  const fresh = await trigger({ reply: 'fresh' });
  const pill = page.getByRole('button', { name: '1 new run' });
  await pill.waitFor();
  expect(await place()).toBe(before);
  await pill.click();
  await rowOf(page, fresh).waitFor();
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await context.close();
});
