import { afterAll, beforeAll, expect } from '@jest/globals';
import { apiClient, type Stack, startStack } from '../../index.js';
import { test } from '../browser-test.js';
import { seriousViolations } from './accessibility.js';
import { openStudio } from './open-studio.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(async () => {
  await stack?.stop();
});

test('an admin creates a key for a colleague, who signs in with it and is signed out once it is revoked', async () => {
  const { context, page, seen, goto } = await openStudio(stack);
  await goto('/settings');
  await page.getByText('No keys yet').waitFor();
  await page.getByRole('button', { name: 'New key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Create key' }).click();
  await dialog.getByText('Enter who or what uses the key.').waitFor();
  expect(await seriousViolations(page)).toEqual([]);

  await dialog.getByLabel('Name').fill('Ada');
  await dialog.getByRole('radio', { name: /Viewer/ }).check();
  await dialog.getByRole('button', { name: 'Create key' }).click();
  const key = (await dialog.getByLabel('Key of Ada').textContent()) ?? '';
  expect(key).toMatch(/^ahk_/);
  expect(await seriousViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.waitFor({ state: 'detached' });
  const row = page.getByRole('row', { name: /Ada/ });
  expect(await row.textContent()).toContain('viewer');
  expect(await page.content()).not.toContain(key);

  const ada = await openStudio(stack, { key });
  await ada.goto('/settings');
  await ada.page.getByText('viewer: read').waitFor();
  expect(await ada.page.getByRole('button', { name: 'New key' }).count()).toBe(0);
  expect(await ada.page.getByRole('heading', { name: 'API keys' }).count()).toBe(0);

  await row.getByRole('button', { name: 'Revoke Ada' }).click();
  const question = page.getByRole('dialog', { name: 'Revoke the key of Ada?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  expect((await apiClient(stack.url, key).request('GET', '/api/agents')).status).toBe(200);
  await row.getByRole('button', { name: 'Revoke Ada' }).click();
  await question.getByRole('button', { name: 'Revoke', exact: true }).click();
  await page.getByText('No keys yet').waitFor();
  expect((await apiClient(stack.url, key).request('GET', '/api/agents')).status).toBe(401);
  await ada.page.getByRole('link', { name: 'Overview' }).click();
  await ada.page.waitForURL('**/sign-in?**');

  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await Promise.all([context.close(), ada.context.close()]);
});

test('the providers and the state of the installation are shown', async () => {
  await stack.startWorker({ ANTHROPIC_API_KEY: 'a key that nobody calls with' });
  const { context, page, goto } = await openStudio(stack);
  await goto('/settings');
  const row = (name: string) => page.getByRole('row', { name: new RegExp(name) });
  await row('anthropic').getByText('ready').waitFor();
  expect(await row('openai').textContent()).toContain('OPENAI_API_KEY');
  expect(await row('openai').textContent()).toContain('not set');
  const system = page.getByRole('region', { name: 'System' });
  expect(await system.textContent()).toContain('Workers alive2');
  await context.close();
});

test('the signed-in browsers are listed, and one signs another out', async () => {
  const made = await stack.request<{ key: string }>('POST', '/api/keys', { name: 'Grace', role: 'operator' });
  const { context, page, seen, goto } = await openStudio(stack);
  const grace = await openStudio(stack, { key: made.body.key });
  await grace.goto('/settings');
  const own = grace.page.getByRole('region', { name: 'Sessions' });
  await own.getByText('this one').waitFor();
  expect(await own.getByRole('row').count()).toBe(2);

  await goto('/settings');
  const sessions = page.getByRole('region', { name: 'Sessions' });
  await sessions.getByText('this one').waitFor();
  await sessions.getByRole('button', { name: 'Sign out Grace' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out', exact: true }).click();
  await sessions.getByRole('button', { name: 'Sign out Grace' }).waitFor({ state: 'detached' });
  expect(await seriousViolations(page)).toEqual([]);
  await grace.page.getByRole('link', { name: 'Overview' }).click();
  await grace.page.waitForURL('**/sign-in?**');
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await Promise.all([context.close(), grace.context.close()]);
});

test('everything is paused with a note, which every page shows until somebody resumes it', async () => {
  const { id } = await stack.createAgent({ name: 'Waits', model: 'sandbox:echo' });
  const { token } = await stack.mintWebhook(id);
  const { context, page, seen, goto } = await openStudio(stack);
  await goto('/settings');
  await page.getByRole('button', { name: 'Pause everything' }).click();
  const dialog = page.getByRole('dialog', { name: 'Pause everything?' });
  await dialog.getByLabel('Why (optional)').fill('The shop answers with errors.');
  expect(await seriousViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByText('Everything is paused', { exact: true }).waitFor();
  const { task_id } = (await stack.trigger(token, { sandbox: { reply: 'done' } })).body;
  await goto(`/runs/${task_id}`);
  await page.getByText('Everything is paused by').first().waitFor();
  const banner = page.getByRole('status').filter({ hasText: 'The shop answers with errors.' });
  expect(await seriousViolations(page)).toEqual([]);
  await banner.getByRole('button', { name: 'Resume' }).click();
  await banner.waitFor({ state: 'detached' });
  await stack.poll(task_id, { timeoutMs: 30_000 });

  await goto(`/agents/${id}`);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page
    .getByRole('dialog', { name: 'Pause Waits?' })
    .getByRole('button', { name: 'Pause', exact: true })
    .click();
  await page.getByText('This agent is paused').waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByText('This agent is paused').waitFor({ state: 'detached' });
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await context.close();
});
