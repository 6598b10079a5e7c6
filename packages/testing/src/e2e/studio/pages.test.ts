import { beforeAll, expect } from '@jest/globals';
import { type Stack, sharedStack, until } from '../../index.js';
import { test } from '../browser-test.js';
import { seriousViolations, violationsInBothSchemes } from './accessibility.js';
import { type Demo, makeDemo } from './demo.js';
import { openStudio } from './open-studio.js';
import { PAGES } from './pages.js';
import { walkByKeyboard } from './walk-by-keyboard.js';
import { watchWire } from './wire.js';

let stack: Stack;
let demo: Demo;

beforeAll(async () => {
  stack = await sharedStack();
  demo = await makeDemo(stack);
});

const FITS = 'document.documentElement.scrollWidth <= document.documentElement.clientWidth';

test.each(PAGES)(
  '$name: no serious violation in either scheme, everything reachable by Tab, no word cut off, no console message, no other host, fits a phone',
  async ({ path, anonymous }) => {
    const { page, context, seen, goto } = await openStudio(stack, anonymous ? { key: null } : {});
    await goto(path(demo));
    expect(await violationsInBothSchemes(page)).toEqual([]);
    expect(await page.evaluate(CUT)).toEqual([]);
    const { visited, ...lost } = await walkByKeyboard(page);
    expect(visited).toBeGreaterThan(2);
    expect(lost).toEqual({ unreached: [], unseen: [] });

    await page.setViewportSize({ width: 360, height: 740 });
    await until('nothing is wider than the phone', () => page.evaluate<boolean>(FITS));
    expect(await page.evaluate(SIDEWAYS)).toEqual([]);
    expect(await page.evaluate(CUT)).toEqual([]);
    expect(await seriousViolations(page)).toEqual([]);
    expect(seen).toEqual({ problems: [], otherHosts: [] });
    await context.close();
  },
);

/** Labels of buttons and badges that are cut off for lack of room, or stick out of their panel. */
const CUT = `[...document.querySelectorAll('.mantine-Button-label, .mantine-Badge-label')]
  .filter((label) => {
    const panel = label.closest('.mantine-Paper-root');
    const scrolls = label.closest('.mantine-TableScrollContainer-scrollContainer, .mantine-ScrollArea-viewport');
    const right = (element) => element.getBoundingClientRect().right;
    return label.scrollWidth > label.clientWidth + 1 || (panel && !scrolls && label.checkVisibility() && right(label.parentElement) > right(panel) - 8);
  })
  .map(({ textContent }) => textContent)`;

/** Texts of tables that are wider than their place, and would have to be scrolled sideways. */
const SIDEWAYS = `[...document.querySelectorAll('table')]
  .filter((table) => table.checkVisibility() && table.getBoundingClientRect().right > document.documentElement.clientWidth)
  .map(({ textContent }) => textContent.slice(0, 80))`;

test('a page that loads keeps still for those who ask for less motion', async () => {
  const { context, page } = await openStudio(stack);
  const load = Promise.withResolvers<void>();
  await page.route('**/api/agents*', async (route) => {
    await load.promise;
    await route.continue();
  });
  await page.goto('/agents');
  await page.locator('.mantine-Skeleton-root[data-visible]').first().waitFor();
  const moving = 'document.getAnimations().map(({ animationName }) => animationName)';
  expect(await page.evaluate(moving)).toEqual([]);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await until('the others see it move', async () => (await page.evaluate<string[]>(moving)).length > 0);
  load.resolve();
  await context.close();
});

/** The compressed JavaScript, in bytes, that a first visit to a page may load. */
const FIRST_LOADS = [
  { name: 'agents', path: () => '/agents', most: 250_000 },
  { name: 'agent', path: ({ agents }: Demo) => `/agents/${agents.triage}`, most: 300_000 },
];

test.each(FIRST_LOADS)('$name: a first visit loads at most $most bytes of script', async ({ path, most }) => {
  const { context, page, goto } = await openStudio(stack);
  const wire = await watchWire(context, page);
  await goto(path(demo));
  const bytes = wire.take().get('Script') ?? 0;
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(most);
  await context.close();
});
