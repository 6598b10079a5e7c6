import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const FOLLOWER = fileURLToPath(new URL('./follow-focus.js', import.meta.url));
/** More elements than any page has. */
const MOST = 300;

export interface Walk {
  /** How many elements had the focus. */
  visited: number;
  /** The names of elements that Tab never reaches. */
  unreached: string[];
  /** Elements that look the same with and without the focus (WCAG 2.2, 2.4.7). */
  unseen: string[];
}

/** Presses Tab from the top of a page until every focusable element has had the focus. */
export async function walkByKeyboard(page: Page): Promise<Walk> {
  await page.evaluate(await readFile(FOLLOWER, 'utf8'));
  for (let n = 0; n < MOST; n++) {
    await page.keyboard.press('Tab');
    if (!(await page.evaluate<boolean>('window.walk.step()'))) break;
  }
  return await page.evaluate<Walk>('window.walk.end()');
}
