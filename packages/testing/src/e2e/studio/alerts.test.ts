import { afterAll, beforeAll, expect } from '@jest/globals';
import { type HttpServer, type Stack, sharedStack, startHttpServer } from '../../index.js';
import { test } from '../browser-test.js';
import { seriousViolations } from './accessibility.js';
import { openStudio } from './open-studio.js';

let stack: Stack;
let receiver: HttpServer;

beforeAll(async () => {
  stack = await sharedStack();
  receiver = await startHttpServer((_call, response) => response.writeHead(204).end());
});
afterAll(() => receiver?.close());

test('a channel and a rule are made with forms, an alert opens, and the agent names the channel', async () => {
  const agent = await stack.createAgent({ name: 'Fragile', limits: { max_attempts: 1 } });
  const { token } = await stack.mintWebhook(agent.id);
  const { context, page, seen, goto } = await openStudio(stack);
  await page.setViewportSize({ width: 390, height: 844 });
  await goto('/alerts');
  await page.getByText('There is no channel yet.').waitFor();

  await page.getByRole('button', { name: 'New channel' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('pager');
  await dialog.getByRole('combobox', { name: 'Type' }).click();
  await page.getByRole('option', { name: 'Webhook' }).click();
  await dialog.getByLabel('URL').fill(`${receiver.url}/pager`);
  expect(await seriousViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Create channel' }).click();
  await dialog.getByText('Copy it now').waitFor();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Test pager' }).click();
  await page.getByText('Test message: delivered').waitFor();
  expect(receiver.calls.map(({ path }) => path)).toEqual(['/pager']);

  await page.getByRole('button', { name: 'New rule' }).click();
  await dialog.getByLabel('Name').fill('It fails');
  await dialog.getByRole('combobox', { name: 'Tells' }).click();
  await page.getByRole('option', { name: 'pager' }).click();
  expect(await seriousViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Create rule' }).click();
  await page.getByText('First failure · Installation · tells pager').waitFor();

  await stack.trigger(token, { sandbox: { steps: [{ fail: 'refused' }] } });
  await page.getByText('Agent "Fragile" failed: model_refused.').waitFor();
  await page.getByText('1 open').waitFor();
  expect(await seriousViolations(page)).toEqual([]);

  await page.setViewportSize({ width: 1440, height: 900 });
  await goto(`/agents/${agent.id}`);
  await page.getByRole('combobox', { name: 'Notify channels' }).click();
  await page.getByRole('option', { name: 'pager' }).click();
  await page.getByRole('button', { name: 'Save as v2' }).click();
  await page.getByRole('button', { name: 'Save as v2' }).waitFor({ state: 'hidden' });
  const { body } = await stack.request<{ notify: string[] }>('GET', `/api/agents/${agent.id}`);
  expect(body.notify).toEqual(['pager']);
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await context.close();
});
