import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';

const RECORDER = fileURLToPath(new URL('./record-shifts.js', import.meta.url));

/** Has the pages of a context record what moves on them without a press of a key or a button. */
export const recordMoves = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript({ path: RECORDER });

/** What has moved on a page, a line each. */
export const movesOf = (page: Page): Promise<string[]> => page.evaluate<string[]>('window.moves');

/** Forgets what has moved, while the page was loaded for example. */
export const forgetMoves = (page: Page): Promise<unknown> => page.evaluate('window.moves = []');
