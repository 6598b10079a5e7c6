import { beforeAll, expect } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { type Stack, sharedStack } from '../../index.js';
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
  'a schedule is added, refused with the reason, shows its next runs, and runs now',
  async () => {
    const { id } = await stack.createAgent({ name: 'Reporter', model: 'sandbox:echo' });
    const { page, goto, seen } = await openStudio(stack);
    await goto(`/agents/${id}`);
    const schedules = panel(page, 'Schedules');
    await schedules.getByRole('button', { name: 'Add schedule' }).click();
    await schedules.getByRole('textbox', { name: 'Name' }).fill('report');
    const cron = schedules.getByRole('textbox', { name: 'Cron expression' });
    await cron.fill('0 0 30 2 *');
    await page.getByRole('button', { name: 'Save' }).click();
    await schedules.getByText('never runs: no date matches "0 0 30 2 *"').waitFor();

    await cron.fill('30 6 1 1 *');
    await schedules.getByRole('combobox', { name: 'Time zone' }).fill('Asia/Tokyo');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved as v2').waitFor();
    const next = schedules.getByRole('list', { name: 'Next runs' }).getByRole('listitem');
    await next.nth(4).waitFor();
    expect(await next.first().textContent()).toContain('6:30:00');
    await schedules.getByText('It has not been due yet.').waitFor();
    expect(await violationsInBothSchemes(page)).toEqual([]);

    await schedules.getByRole('button', { name: 'Run now' }).click();
    await schedules.getByRole('link', { name: 'Open the run' }).click();
    await page.getByText('Schedule: report').first().waitFor();
    // Chromium notes the refused save.
    expect(new Set(seen.problems)).toEqual(new Set([REFUSED]));
    expect(seen.otherHosts).toEqual([]);
  },
  TEST_MS,
);
