import { beforeAll, expect } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { type Stack, sharedStack, until } from '../../index.js';
import { test } from '../browser-test.js';
import { violationsInBothSchemes } from './accessibility.js';
import { openStudio } from './open-studio.js';

/** A long path through the browser, on a machine that may be busy. */
const TEST_MS = 120_000;

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});

const REFUSED = 'Failed to load resource: the server responded with a status of 400 (Bad Request)';

const panel = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });

test(
  'a filter is tried while it is typed; what it leaves out is listed and run after all',
  async () => {
    const { id } = await stack.createAgent({ name: 'Triage', model: 'sandbox:echo' });
    const { token } = await stack.mintWebhook(id);
    const post = (action: string) => stack.trigger(token, { action, issue: { number: 7 } });
    for (const action of ['opened', 'closed', 'labeled']) await post(action);
    const { context, page, goto, seen } = await openStudio(stack);
    await goto(`/agents/${id}`);

    const filter = panel(page, 'Filter');
    const field = filter.getByRole('textbox', { name: 'Filter', exact: true });
    await field.fill('payload.action =\n  = "opened"');
    await filter.getByText(/^Line 1, column 16: /).waitFor();
    await field.fill('payload.action == "opened"');
    await filter.getByText('Of the last 3 events, 1 would run and 2 would not.').waitFor();
    await field.fill('payload.pull_request.draft');
    await filter.getByText('For 3, the filter has no value', { exact: false }).waitFor();
    await filter.getByRole('button', { name: 'Ready-made filters' }).click();
    await page.getByRole('menuitem', { name: 'Pull requests that are ready for review' }).click();
    // In CEL, a missing field and false are false.
    await filter.getByText('For 1, the filter has no value', { exact: false }).waitFor();
    expect(await field.inputValue()).toContain('!payload.pull_request.draft');
    await field.fill('payload.action == "opened"');
    await filter.getByText('Of the last 3 events, 1 would run and 2 would not.').waitFor();
    expect(await violationsInBothSchemes(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved as v2').waitFor();

    expect(await post('closed')).toMatchObject({
      status: 200,
      body: { success: true, task_id: null, filtered: true },
    });
    const filtered = panel(page, 'Activity').getByRole('region', { name: 'Filtered events' });
    await filtered.getByRole('button', { name: /closed/ }).click();
    await filtered.getByRole('region', { name: 'body' }).getByText('closed', { exact: false }).waitFor();
    await filtered.getByRole('button', { name: 'Run it after all' }).click();
    await filtered.getByText('The request was accepted later.').waitFor();
    // Chromium notes each filter that the api refused.
    expect(new Set(seen.problems)).toEqual(new Set([REFUSED]));
    expect(seen.otherHosts).toEqual([]);
    await context.close();
  },
  TEST_MS,
);

test(
  'an agent that its breaker has paused says so, and is resumed',
  async () => {
    const { id } = await stack.createAgent({
      name: 'Echo',
      model: 'sandbox:echo',
      breaker: { key: 'payload.issue.number', max_per_minute: 1 },
    });
    const { token } = await stack.mintWebhook(id);
    const post = async () => {
      const { body } = await stack.trigger(token, { issue: { number: 7 } });
      return (body as { task_id: string }).task_id;
    };
    const statusOf = async (task: string) =>
      (await stack.request<{ status: string }>('GET', `/api/tasks/${task}`)).body.status;
    const first = await post();
    await until('the first has run', async () => (await statusOf(first)) === 'SUCCESS');
    const second = await post();
    const { context, page, goto, seen } = await openStudio(stack);
    await goto(`/agents/${id}`);
    const notice = page.getByRole('status').filter({ hasText: 'This agent is paused' });
    await notice.getByText('allows 1 run a minute', { exact: false }).waitFor();
    expect(await violationsInBothSchemes(page)).toEqual([]);
    expect(await statusOf(second)).toBe('PENDING');
    await notice.getByRole('button', { name: 'Resume' }).click();
    await notice.waitFor({ state: 'detached' });
    await until('the second has run', async () => (await statusOf(second)) === 'SUCCESS');
    expect(seen).toEqual({ problems: [], otherHosts: [] });
    await context.close();
  },
  TEST_MS,
);
