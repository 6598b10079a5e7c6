import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';

const RECORDER = fileURLToPath(new URL('./record-shifts.js', import.meta.url));

/**
 * Has the pages of a context record what moves on them without a press of a key or a button. `letterSpacing` (CSS) makes
 * texts as wide as in another font: the layout must not depend on which fonts a machine has.
 */
export async function recordMoves(context: BrowserContext, letterSpacing = 'normal'): Promise<void> {
  await context.addInitScript({ path: RECORDER });
  const widen = `document.documentElement.style.letterSpacing = ${JSON.stringify(letterSpacing)}`;
  await context.addInitScript({ content: `addEventListener('DOMContentLoaded', () => { ${widen}; });` });
}

/** What has moved on a page, a line each. */
export const movesOf = (page: Page): Promise<string[]> => page.evaluate<string[]>('window.moves');

/** Forgets what has moved, while the page was loaded for example. */
export const forgetMoves = (page: Page): Promise<unknown> => page.evaluate('window.moves = []');
