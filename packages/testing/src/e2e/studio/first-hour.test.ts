import { beforeAll, expect } from '@jest/globals';
import { type Stack, sharedStack } from '../../index.js';
import { test } from '../browser-test.js';
import { seriousViolations } from './accessibility.js';
import { openStudio } from './open-studio.js';

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});

test('a link signs in once; a new installation says what to do first', async () => {
  const { body } = await stack.request<{ url: string }>('POST', '/api/session/links', {});
  const path = body.url.slice(body.url.indexOf('/sign-in'));
  const { context, page, goto } = await openStudio(stack, { key: null });
  await goto(path);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  expect(page.url()).toBe(`${stack.url}/`);
  const steps = page.getByRole('region', { name: 'First steps' });
  await steps.getByRole('link', { name: 'Create an agent' }).waitFor();
  expect(await steps.getByLabel('to do').count()).toBe(5);
  await page.getByRole('radio', { name: '1 hour', checked: true }).waitFor({ state: 'attached' });
  expect(await seriousViolations(page)).toEqual([]);

  const late = await openStudio(stack, { key: null });
  await late.goto(path);
  await late.page.getByRole('alert').getByText('was used before').waitFor();
  await late.page.getByRole('textbox', { name: 'API key' }).waitFor();
  // What is no link leaves the page as it is, and a new link in the same tab signs in.
  await late.goto('/sign-in#link=%');
  await late.page.getByRole('alert').getByText('This link does not sign in').waitFor();
  const next = await stack.request<{ url: string }>('POST', '/api/session/links', {});
  await late.page.goto(next.body.url.slice(next.body.url.indexOf('/sign-in')));
  await late.page.getByRole('heading', { name: 'Overview' }).waitFor();
  await Promise.all([context.close(), late.context.close()]);
});

test('the first request to a new URL is shown as it arrives, with its verdict', async () => {
  const agent = await stack.createAgent({
    name: 'Greeter',
    input_schema: { type: 'object', required: ['text'] },
  });
  const { context, page, seen, goto } = await openStudio(stack);
  await goto(`/agents/${agent.id}`);
  await page.getByRole('button', { name: 'Generate the webhook' }).click();
  await page.getByText('Waiting for the first event…').waitFor();
  const url =
    (await page
      .getByText(/api\/webhooks\/agents\/whk_/)
      .first()
      .textContent()) ?? '';
  const token = /whk_[\w-]+/.exec(url)?.[0] ?? '';
  await stack.trigger(token, { wrong: 1 });
  await page.getByText('A request has arrived and was refused').waitFor();
  await page.getByText('invalid_payload').first().waitFor();
  await stack.trigger(token, { text: 'hello' });
  await page.getByText('The first event has arrived and runs').waitFor();
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await context.close();
});

test('Ctrl-K goes to an agent by a few letters, and ? shows the shortcuts', async () => {
  const { context, page, goto } = await openStudio(stack);
  await goto('/settings');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /Go to a page/ }).fill('greet');
  await page.getByRole('option', { name: /Greeter/ }).waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/agents/agt_*');
  await context.close();
});
