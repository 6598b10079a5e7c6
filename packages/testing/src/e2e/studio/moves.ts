import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';

const RECORDER = fileURLToPath(new URL('./record-shifts.js', import.meta.url));

/**
 * Makes the pages of a context record what moves on them without user input. `letterSpacing` (CSS) makes
 * texts as wide as in another font, because the layout must not depend on the machine's fonts.
 */
export async function recordMoves(context: BrowserContext, letterSpacing = 'normal'): Promise<void> {
  await context.addInitScript({ path: RECORDER });
  const widen = `document.documentElement.style.letterSpacing = ${JSON.stringify(letterSpacing)}`;
  await context.addInitScript({ content: `addEventListener('DOMContentLoaded', () => { ${widen}; });` });
}

/** What has moved on a page, one line each. */
export const movesOf = (page: Page): Promise<string[]> => page.evaluate<string[]>('window.moves');

/** Forgets recorded moves, for example those while the page loaded. */
export const forgetMoves = (page: Page): Promise<unknown> => page.evaluate('window.moves = []');
