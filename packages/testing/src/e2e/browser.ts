import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../../../scripts/lib/find.mjs';

/** Another name for 127.0.0.1 that only the browser knows. */
export const OTHER_NAME = 'agenthook.test';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--host-resolver-rules=MAP ${OTHER_NAME} 127.0.0.1`,
];

let launched: Promise<Browser> | undefined;

/**
 * The machine's Chrome or Chromium, started by the first suite of this test process. Tests open contexts of
 * their own, which `browser-test.ts` closes; the browser ends with the process.
 *
 * @throws if there is none; `browser-test.ts` skips such suites
 */
export function sharedBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no Chrome or Chromium on this machine.');
  launched ??= chromium.launch({ executablePath, args: ARGS });
  return launched;
}

/** Closes all windows that tests of this process have opened. */
export async function closeWindows(): Promise<void> {
  const browser = await launched;
  await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
}

/** What a page did that it should not: lines on its console, and requests to anything but its own origin. */
export function watchPage(page: Page): { problems: string[]; otherHosts: string[] } {
  const seen = { problems: [] as string[], otherHosts: [] as string[] };
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) seen.problems.push(message.text());
  });
  page.on('pageerror', (error) => seen.problems.push(error.message));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    const isOwn = page.url() === 'about:blank' || origin === new URL(page.url()).origin;
    if (/^(https?|wss?):$/.test(protocol) && !isOwn) seen.otherHosts.push(request.url());
  });
  return seen;
}
