import { afterAll, beforeAll, expect } from '@jest/globals';
import { type HttpServer, type Stack, sendJson, sharedStack, startHttpServer, until } from '../../index.js';
import { test } from '../browser-test.js';
import { violationsInBothSchemes } from './accessibility.js';
import { openStudio } from './open-studio.js';

/** What Chromium says about an answer of 422. */
const REFUSED = 'Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)';

let stack: Stack;
let slack: HttpServer;

beforeAll(async () => {
  stack = await sharedStack();
  slack = await startHttpServer((_call, response) =>
    sendJson(response, { ok: false, error: 'not_in_channel' }),
  );
});
afterAll(() => slack?.close());

test('an agent becomes a tool, and a Slack thread a destination, by forms', async () => {
  const other = await stack.createAgent({ name: 'Researcher', model: 'sandbox:echo' });
  const { id } = await stack.createAgent({ name: 'Desk', model: 'sandbox:echo' });
  const { context, page, seen, goto } = await openStudio(stack, { viewport: { width: 1440, height: 900 } });
  await goto(`/agents/${id}`);
  const tools = page.getByRole('region', { name: 'Tools' });
  await tools.getByRole('button', { name: 'Add tool' }).click();
  await page.getByRole('menuitem', { name: /^Another agent/ }).click();
  await tools.getByRole('combobox', { name: /^Agent/ }).click();
  await page.getByRole('option', { name: 'Researcher' }).click();

  const destinations = page.getByRole('region', { name: 'Destinations' });
  await destinations.getByRole('button', { name: 'Add destination' }).click();
  await page.getByRole('menuitem', { name: /^Slack thread/ }).click();
  const card = destinations.getByRole('region', { name: 'Destination slack' });
  await card.getByLabel('Channel *').fill('{{ payload.channel }}');
  expect(await violationsInBothSchemes(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save as v2' }).click();
  // The token is missing, and the refusal says where.
  await page.getByText('is required: the token for slack').first().waitFor();
  await card.getByRole('button', { name: 'Add to Secrets' }).click();
  await card.getByLabel('Secrets: name').fill('token');
  await card.getByLabel(/^Secrets: value/).fill('xoxb-1');
  await page.getByRole('button', { name: 'Save as v2' }).click();
  await page.getByText('Saved as v2').waitFor();
  const { body } = await stack.request('GET', `/api/agents/${id}`);
  expect(body).toMatchObject({
    tools: [{ type: 'agent', name: 'agent', agent_id: other.id }],
    destinations: [{ type: 'slack', channel: '{{ payload.channel }}', secrets: { token: true } }],
  });
  expect(new Set(seen.problems)).toEqual(new Set([REFUSED]));
  await context.close();
}, 180_000);

test('a run shows the runs that it has called, and each child its parent; a destination can be sent again', async () => {
  const common = { model: 'sandbox:echo', sandbox_tools: true, input_schema: { type: 'object' } };
  const child = await stack.createAgent({ name: 'Researcher', ...common });
  const { id } = await stack.createAgent({
    name: 'Desk',
    ...common,
    tools: [{ type: 'agent', name: 'research', agent_id: child.id }],
    destinations: [{ type: 'slack', base_url: slack.url, channel: 'C1', secrets: { token: 'xoxb-1' } }],
  });
  const { token } = await stack.mintWebhook(id);
  const asked = { sandbox: { steps: [{ text: 'Looking.', latency_ms: 300 }], reply: 'Found.' } };
  const steps = [{ tool: { name: 'research', arguments: asked } }];
  const { task_id } = (await stack.trigger(token, { sandbox: { steps, reply: 'Done.' } })).body;
  await stack.poll(task_id);
  const { body } = await stack.request<{ steps: { tool_calls: { child: { task_id: string } }[] }[] }>(
    'GET',
    `/api/tasks/${task_id}`,
  );
  const childId = body.steps[0]?.tool_calls[0]?.child.task_id ?? '';
  await until('the destination was tried', () => slack.calls.length > 0);

  const { context, page, seen, goto } = await openStudio(stack, { viewport: { width: 1440, height: 900 } });
  await goto(`/runs/${task_id}`);
  const bars = page.getByRole('region', { name: 'Where the time went' });
  await bars.getByRole('link', { name: /Step 2: sandbox:echo/ }).waitFor();
  expect(await violationsInBothSchemes(page)).toEqual([]);
  await page.getByRole('button', { name: /^To slack/ }).click();
  await page.getByRole('button', { name: 'Send again' }).waitFor();
  await page.getByText('Slack answered not_in_channel.').first().waitFor();
  expect(await violationsInBothSchemes(page)).toEqual([]);
  await bars.getByRole('link', { name: childId.slice(0, 8) }).click();
  await page.getByText('Another agent in').waitFor();
  await page.getByRole('link', { name: task_id.slice(0, 8) }).click();
  await page.getByRole('heading', { name: task_id.slice(0, 8) }).waitFor();
  expect(seen.problems).toEqual([]);
  await context.close();
}, 180_000);
