import type { BrowserContext, Page } from 'playwright-core';
import { type Stack, until } from '../../index.js';
import { OTHER_NAME, sharedBrowser, watchPage } from '../browser.js';

export interface StudioOptions {
  scheme?: 'light' | 'dark';
  /** In CSS pixels; default 1280 × 900. */
  viewport?: { width: number; height: number };
  /** The API key of the pages' session; null for none. Default: the admin's. */
  key?: string | null;
  /** Whether the pages come from a host that is neither https nor localhost, as in many private networks. */
  isPlainHost?: boolean;
}

export interface Studio {
  context: BrowserContext;
  page: Page;
  /** Console messages, including policy violations, and requests to other hosts. Both must stay empty. */
  seen: { problems: string[]; otherHosts: string[] };
  /** Opens a URL of the Studio and waits until its heading is visible and no skeleton is left. */
  goto(path: string): Promise<void>;
}

/** How long a click waits for its button, in ms. Long, because several suites run at a time. */
const ACTION_MS = 90_000;

/** A separate browser window on the stack's Studio. */
export async function openStudio(
  stack: Stack,
  {
    scheme = 'light',
    viewport = { width: 1280, height: 900 },
    key = stack.adminKey,
    isPlainHost = false,
  }: StudioOptions = {},
): Promise<Studio> {
  const browser = await sharedBrowser();
  const context = await browser.newContext({
    baseURL: isPlainHost ? stack.url.replace('127.0.0.1', OTHER_NAME) : stack.url,
    viewport,
    colorScheme: scheme,
    reducedMotion: 'reduce',
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
  });
  context.setDefaultTimeout(ACTION_MS);
  if (key !== null) await signIn(context, stack.url, key);
  const page = await context.newPage();
  const seen = watchPage(page);
  const goto = async (path: string) => {
    await page.goto(path);
    await settled(page);
  };
  return { context, page, seen, goto };
}

/** Waits until the page has its heading and all of its data. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  const unfinished = page.locator('.mantine-Skeleton-root[data-visible], [aria-busy=true]');
  await until('the page has finished loading', async () => (await unfinished.count()) === 0);
}

async function signIn(context: BrowserContext, url: string, key: string): Promise<void> {
  const answer = await context.request.post(`${url}/api/session`, { data: { api_key: key } });
  if (!answer.ok()) throw new Error(`POST /api/session: ${answer.status()}`);
  const cookies = await context.cookies();
  await context.addCookies(cookies.map((cookie) => ({ ...cookie, domain: OTHER_NAME })));
}
