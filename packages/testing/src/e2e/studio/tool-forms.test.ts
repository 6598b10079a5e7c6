import { beforeAll, expect } from '@jest/globals';
import { type Stack, sharedStack } from '../../index.js';
import { test } from '../browser-test.js';
import { violationsInBothSchemes } from './accessibility.js';
import { openStudio } from './open-studio.js';

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});

test('each tool asks for the secrets and fields that it needs as it is configured', async () => {
  const { id } = await stack.createAgent({ name: 'Tooled' });
  const { context, page, seen, goto } = await openStudio(stack, { viewport: { width: 1440, height: 900 } });
  await goto(`/agents/${id}`);
  const tools = page.getByRole('region', { name: 'Tools' });
  const add = async (title: RegExp) => {
    await tools.getByRole('button', { name: 'Add tool' }).click();
    await page.getByRole('menuitem', { name: title }).click();
  };
  await add(/^PostgreSQL query/);
  const url = tools.getByLabel('Connection URL *');
  expect(await url.getAttribute('type')).toBe('password');
  expect(await url.getAttribute('placeholder')).toContain('postgresql://');
  expect(await tools.getByLabel('On timeout').count()).toBe(0);
  await url.fill('postgresql://reader:hunter2@127.0.0.1:1/shop');
  expect(await violationsInBothSchemes(page)).toEqual([]);
  await tools.getByRole('button', { name: /PostgreSQL query/ }).click();

  await add(/^Notification/);
  await tools.getByLabel('Incoming webhook *').waitFor();
  expect(await tools.getByLabel('Topic').count()).toBe(0);
  await tools.getByRole('combobox', { name: 'Channel' }).click();
  await page.getByRole('option', { name: 'ntfy' }).click();
  await tools.getByLabel('Topic *').fill('alerts');
  await tools.getByLabel('Access token').waitFor();
  expect(await tools.getByLabel('Incoming webhook').count()).toBe(0);

  await page.getByRole('button', { name: 'Save as v2' }).click();
  await page.getByText('Saved as v2').waitFor();
  const saved = await stack.request('GET', `/api/agents/${id}`);
  expect(saved.body.tools).toEqual([
    { type: 'postgres', name: 'postgres', secrets: { url: true } },
    { type: 'notify', name: 'notify', channel: 'ntfy', topic: 'alerts' },
  ]);
  expect(await page.content()).not.toContain('hunter2');
  expect(seen.problems).toEqual([]);
  await context.close();
}, 120_000);
