import { beforeAll, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Stack, sharedStack, until } from '../../index.js';
import { test } from '../browser-test.js';
import { openStudio } from './open-studio.js';

let stack: Stack;
/** More than three pages of the list. */
const RUNS = 220;

beforeAll(async () => {
  stack = await sharedStack();
  const { id } = await stack.createAgent({ name: 'Busy' });
  const { token } = await stack.mintWebhook(id);
  for (let n = 0; n < RUNS; n += 20)
    await Promise.all(Array.from({ length: 20 }, () => stack.trigger(token, { sandbox: { reply: 'ok' } })));
}, 60_000);

interface Row {
  /** The address of its run. */
  href: string | undefined;
  top: number;
}

/** The first row below the header, and where it is. */
const firstRow = (page: Page) =>
  page.evaluate<Row>(`(() => {
    const rows = [...document.querySelectorAll('tbody[data-newest-first] tr:not([aria-hidden])')];
    const row = rows.find((each) => each.getBoundingClientRect().top > 150);
    const href = row?.querySelector('a[href*="/runs/"]')?.getAttribute('href');
    return { href, top: row?.getBoundingClientRect().top ?? 0 };
  })()`);

test.each(['Back', 'Escape', 'the link above it'])(
  '%s from a run shows the list where it was, far down',
  async (way) => {
    const { context, page, goto } = await openStudio(stack);
    context.setDefaultTimeout(30_000);
    await goto('/runs');
    const deep = await until(
      '150 runs are loaded',
      async () => {
        await page.mouse.wheel(0, 3_000);
        return (await page.evaluate<number>('scrollY')) > 150 * 45;
      },
      { timeoutMs: 60_000, everyMs: 100 },
    );
    expect(deep).toBe(true);
    const before = await until('the list is still', async () => {
      const a = await firstRow(page);
      // Longer than a turn of the wheel takes, which may move the list by whole rows.
      await page.waitForTimeout(400);
      const b = await firstRow(page);
      return a.top === b.top && a.href === b.href && a.href !== undefined && a;
    });
    await page.locator(`a[href="${before.href}"]`).first().click();
    await page.waitForURL(`**${before.href}`);
    await page.getByRole('button', { name: 'Copy task id' }).waitFor();
    if (way === 'Back') await page.goBack();
    else if (way === 'Escape') await page.keyboard.press('Escape');
    else await page.locator('h1').getByRole('link', { name: 'Runs' }).click();
    await page.waitForURL('**/runs');
    await until('the same row is at the same place', async () => {
      const now = await firstRow(page);
      return now.href === before.href && Math.abs(now.top - before.top) < 3;
    });
    // It stays there, and a fresh visit begins at the top.
    await page.waitForTimeout(800);
    expect((await firstRow(page)).href).toBe(before.href);
    await page.getByRole('link', { name: 'Agents' }).first().click();
    await page.getByRole('link', { name: 'Runs', exact: true }).first().click();
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    await until('the top is shown', async () => (await page.evaluate<number>('scrollY')) === 0);
    await context.close();
  },
  120_000,
);
