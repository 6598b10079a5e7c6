import { beforeAll, expect } from '@jest/globals';
import { type Stack, sharedStack } from '../../index.js';
import { test } from '../browser-test.js';
import { openStudio, settled } from './open-studio.js';

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});

test('a person signs in with a key, gets to the requested page, continues by keyboard and signs out', async () => {
  const { context, page, seen } = await openStudio(stack, { key: null });
  await page.goto('/settings');
  await page.waitForURL('**/sign-in?**');
  const field = page.getByLabel('API key');

  await field.fill('no key of this installation');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('This key is unknown').waitFor();

  await field.fill(stack.adminKey);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/settings');
  expect(await page.title()).toBe('Settings · AgentHook');

  const stored = await page.evaluate<string>(
    'JSON.stringify([localStorage, sessionStorage, document.cookie])',
  );
  expect(stored).not.toContain(stack.adminKey);
  expect(stored).not.toContain('agenthook_session');
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });

  await page.reload();
  await settled(page);
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
  await page.getByRole('link', { name: 'Agents', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Agents', level: 1 }).waitFor();
  expect(await page.evaluate('document.activeElement.id')).toBe('main');

  await page.getByRole('button', { name: /^Session of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL('**/sign-in?**');
  expect(await context.cookies()).toEqual([]);
  await page.goto('/agents');
  await page.waitForURL('**/sign-in?**');

  // The browser's own messages about error answers; nothing of ours.
  expect(seen.problems.filter((line) => !/status of 401/.test(line))).toEqual([]);
  expect(seen.otherHosts).toEqual([]);
  await context.close();
});

test('a session that ends while a page is open leads to the sign-in page and back', async () => {
  const { context, page, goto } = await openStudio(stack);
  await goto('/settings');
  await context.clearCookies();
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.waitForURL('**/sign-in?**');
  await page.getByLabel('API key').fill(stack.adminKey);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await context.close();
});

test.each(['//other.example/', '/\\other.example', 'https://other.example', '/sign-in'])(
  'the way back never leads to %s',
  async (back) => {
    const { context, page } = await openStudio(stack, { key: null });
    await page.goto(`/sign-in?back=${encodeURIComponent(back)}`);
    await page.getByLabel('API key').fill(stack.adminKey);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    expect(page.url()).toBe(`${stack.url}/`);
    await context.close();
  },
);

test('until its program is here, the Studio says that it loads', async () => {
  const { context, page, seen } = await openStudio(stack);
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  await page.route('**/assets/*.js', async (route) => {
    await arrived;
    await route.continue();
  });
  await page.goto('/', { waitUntil: 'commit' });
  const loading = page.getByText('Loading the Studio');
  await loading.waitFor();
  arrive();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  expect(await loading.count()).toBe(0);
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await context.close();
});
