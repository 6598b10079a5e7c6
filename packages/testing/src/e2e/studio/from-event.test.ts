import { beforeAll, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Stack, sharedStack } from '../../index.js';
import { test } from '../browser-test.js';
import { seriousViolations } from './accessibility.js';
import { openStudio } from './open-studio.js';

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});

const event = { action: 'opened', issue: { title: 'The printer is on fire', number: 7 } };
const offered = (page: Page) => page.getByRole('group', { name: 'From this event' }).first();

test('one click makes a schema, a filter or an example of the first event', async () => {
  const agent = await stack.createAgent({ name: 'Learner', model: 'sandbox:echo' });
  const { context, page, seen, goto } = await openStudio(stack);
  await goto(`/agents/${agent.id}`);
  await page.getByRole('button', { name: 'Generate the webhook' }).click();
  const shown = await page.getByRole('textbox', { name: 'webhook URL' }).inputValue();
  await stack.trigger(shown.slice(shown.indexOf('whk_')), event, { 'x-github-event': 'issues' });
  await page.getByText('The first event has arrived and runs').waitFor();
  await offered(page).getByRole('button', { name: 'Make its schema' }).click();
  await page.getByText('The input schema of the draft describes this event.').waitFor();
  await offered(page).getByRole('button', { name: 'Filter by its kind' }).click();
  const filter = page.getByRole('textbox', { name: 'Filter', exact: true });
  expect(await filter.inputValue()).toBe(
    'headers["x-github-event"] == "issues" && payload.action == "opened"',
  );
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved as v2').waitFor();
  const saved = await stack.request<{ input_schema: object; filter: string }>(
    'GET',
    `/api/agents/${agent.id}`,
  );
  expect(saved.body.input_schema).toMatchObject({
    required: ['action', 'issue'],
    properties: { issue: { properties: { number: { type: 'integer' } } } },
  });
  await offered(page).getByRole('button', { name: 'Try it' }).click();
  await page.getByRole('region', { name: 'Try it' }).getByRole('button', { name: 'Send test' }).click();
  await page.getByRole('region', { name: 'Try it' }).getByRole('link', { name: 'Open the run' }).waitFor();
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await context.close();
});

test('so does one on a run, and on a refused event of the list of all agents', async () => {
  const agent = await stack.createAgent({
    name: 'Strict',
    model: 'sandbox:echo',
    input_schema: { type: 'object', required: ['never'] },
  });
  const { token } = await stack.mintWebhook(agent.id);
  await stack.trigger(token, event);
  const { context, page, seen, goto } = await openStudio(stack, { viewport: { width: 360, height: 740 } });
  await goto(`/events?kind=refused&agent=${agent.id}`);
  await page.getByRole('button', { name: /invalid_payload/ }).click();
  await page.getByRole('link', { name: 'Filter by its kind' }).click();
  await page.waitForURL(/payload_from=rej_\w+$/);
  const filter = page.getByRole('textbox', { name: 'Filter', exact: true });
  await filter.waitFor();
  expect(await filter.inputValue()).toBe('payload.action == "opened"');

  const open = await stack.createAgent({ name: 'Open', model: 'sandbox:echo' });
  const hook = await stack.mintWebhook(open.id);
  const { task_id } = (await stack.trigger(hook.token, event)).body;
  await stack.poll(task_id);
  page.once('dialog', (dialog) => void dialog.accept());
  await goto(`/runs/${task_id}?item=input`);
  await page.getByRole('link', { name: 'Make its schema' }).click();
  await page.getByText('The input schema of the draft describes this event.').waitFor();
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await context.close();
});
