import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect } from '@jest/globals';
import { CORE_SCHEMA, load } from 'js-yaml';
import { type Stack, sharedStack, until } from '../../index.js';
import { test } from '../browser-test.js';
import { seriousViolations } from './accessibility.js';
import { openStudio, settled } from './open-studio.js';

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});

interface TemplateFile {
  fill_in: string[];
  agent: {
    name: string;
    input_schema: { examples: [Record<string, unknown>] };
    output_schema?: object;
    signature?: object;
  };
}

const FOLDER = fileURLToPath(new URL('../../../../../apps/web/src/templates', import.meta.url));
const TEMPLATES = readdirSync(FOLDER);
const templateOf = (file: string) =>
  load(readFileSync(`${FOLDER}/${file}`, 'utf8'), { schema: CORE_SCHEMA }) as TemplateFile;
const named = async (name: string) => {
  const { body } = await stack.request<{ agents: { id: string; name: string }[] }>('GET', '/api/agents');
  return body.agents.find((agent) => agent.name === name);
};

test('an agent that is created before the models are listed gets the default one', async () => {
  const { context, page, goto } = await openStudio(stack);
  let list = () => {};
  const listed = new Promise<void>((resolve) => {
    list = resolve;
  });
  await page.route('**/api/models', async (route) => {
    await listed;
    await route.continue();
  });
  await goto('/agents/new?start=empty');
  await page.getByLabel('Name', { exact: true }).fill('In a hurry');
  await page.getByRole('button', { name: 'Create agent' }).click();
  await page.waitForURL('**/agents/agt_*');
  list();
  const agent = await named('In a hurry');
  expect(agent).toMatchObject({ model: 'sandbox:echo' });
  await stack.request('DELETE', `/api/agents/${agent?.id}`);
  await context.close();
});

test('a fresh install leads to the templates, and one becomes an agent that runs', async () => {
  const { context, page, goto, seen } = await openStudio(stack);
  await goto('/agents');
  await page.getByText('No agents yet').waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Choose a template' }).click();
  await page.getByRole('link', { name: 'GitHub issue labeller' }).click();
  await page.getByText('No model provider is configured').waitFor();
  await page.getByLabel('add_labels: GITHUB_TOKEN').fill('github_pat_1');
  await page.getByRole('button', { name: 'Generate' }).click();
  const made = await page.getByLabel('Generated secret').textContent();
  expect(made).toMatch(/^[0-9a-f]{64}$/);
  expect(await page.getByLabel('Signature (GitHub)').inputValue()).toBe(made);
  expect(await page.getByRole('region', { name: 'configuration' }).textContent()).not.toContain(
    'github_pat_1',
  );
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Create agent' }).click();
  await page.waitForURL('**/agents/agt_*');
  await page.getByRole('region', { name: 'First message' }).getByText('octocat/hello-world').waitFor();

  const id = new URL(page.url()).pathname.split('/').at(-1);
  const { body: agent } = await stack.request('GET', `/api/agents/${id}`);
  expect(agent).toMatchObject({
    name: 'GitHub issue labeller',
    model: 'sandbox:echo',
    signature: { scheme: 'github', secret: true },
    tools: [{ secrets: { GITHUB_TOKEN: true } }],
  });
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await context.close();
});

test.each(TEMPLATES)('the template %s is a complete agent, and runs with its example', async (file) => {
  const { agent, fill_in } = templateOf(file);
  expect(fill_in.length).toBeGreaterThan(0);
  const { id } = await stack.createAgent({ ...agent, model: 'sandbox:echo' });
  const [payload] = agent.input_schema.examples;
  const { body: sent } = await stack.request<{ task_id: string }>('POST', `/api/agents/${id}/test`, {
    payload,
    send: agent.signature ? 'signed' : 'unsigned',
  });
  const { status, result } = await stack.poll(sent.task_id);
  expect({ status, error: result.error }).toMatchObject({ status: 'SUCCESS', error: undefined });
  if (agent.output_schema) expect(result.output).toEqual(JSON.parse(result.answer));
  await stack.request('DELETE', `/api/agents/${id}`);
});

test('a person duplicates an agent, exports it, imports it, finds it, disables it and deletes it', async () => {
  const original = await stack.createAgent({
    name: 'Order desk',
    model: 'openai:gpt-5-mini',
    system_prompt: 'You take orders.\n\n- {{ agent.name }}: be brief\n',
    tools: [
      { type: 'notify', name: 'tell', channel: 'slack', secrets: { url: 'https://hooks.example/T0P' } },
    ],
    limits: { max_steps: 3 },
    callback: { url: 'https://example.com/done' },
  });
  const { context, page, goto, seen } = await openStudio(stack);
  const choose = async (agent: string, action: string) => {
    await page.getByRole('button', { name: `Actions for ${agent}`, exact: true }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };

  await goto('/agents');
  await choose('Order desk', 'Duplicate');
  await page.getByLabel('tell: url').fill('https://hooks.example/copied');
  await page.getByRole('button', { name: 'Create agent' }).click();
  expect(await page.getByLabel('Callback secret').textContent()).toMatch(/^whsec_/);
  await page.getByRole('button', { name: 'Go to the agent' }).click();
  await page.waitForURL('**/agents/agt_*');

  await goto('/agents');
  const download = page.waitForEvent('download');
  await choose('Order desk', 'Export as YAML');
  const file = await download;
  expect(file.suggestedFilename()).toBe('order-desk.agent.yaml');
  const yaml = readFileSync(await file.path(), 'utf8');
  expect(yaml).not.toMatch(/T0P|whsec_|agt_|version/);

  await goto('/agents/new?start=yaml');
  const field = page.getByRole('textbox', { name: 'YAML' });
  await field.fill('a: &a [x]\nb: [*a]');
  await page.getByText('aliases are not supported').waitFor();
  await field.fill('name: Broken\nsytem_prompt: x\ninput_template: "{% if %}"\nlimits: {max_steps: 0}');
  await page.getByText('sytem_prompt', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Create agent' }).click();
  await page.getByRole('alert').getByText('Limits, max steps:').waitFor();
  await field.fill(yaml.replace('name: Order desk', 'name: Order desk, imported'));
  await page.getByRole('button', { name: 'Create agent' }).click();
  await page.getByText('until you replace it under Tools: tell: url').waitFor();
  await page.getByRole('button', { name: 'Go to the agent' }).click();
  await page.waitForURL('**/agents/agt_*');

  const imported = await named('Order desk, imported');
  const copy = await named('Copy of Order desk');
  const { body: before } = await stack.request('GET', `/api/agents/${original.id}`);
  for (const id of [imported?.id, copy?.id]) {
    const { body } = await stack.request('GET', `/api/agents/${id}`);
    const own = { id, name: body.name, created_at: body.created_at, updated_at: body.updated_at };
    expect(body).toEqual({ ...before, ...own, saved_by: body.saved_by });
  }

  await goto('/agents');
  await page.getByRole('searchbox', { name: 'Search agents' }).fill('imported order');
  await until('only the found one is left', async () => (await page.locator('tbody tr').count()) === 1);
  await choose('Order desk, imported', 'Disable');
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await page.getByRole('cell', { name: 'disabled' }).waitFor();
  await choose('Order desk, imported', 'Delete');
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
  await dialog.getByRole('textbox').fill('Order desk, imported');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No agent matches').waitFor();
  expect(await named('Order desk, imported')).toBeUndefined();
  // The browser's own message about the one answer that was an error.
  expect(seen.problems.filter((line) => !/status of 400/.test(line))).toEqual([]);
  await context.close();
});

test('an agent shows its activity in a row and on a card, and a viewer cannot create or change any', async () => {
  const { id } = await stack.createAgent({ name: 'Busy', model: 'sandbox:echo' });
  const { token } = await stack.mintWebhook(id);
  const long = 'Longer'.repeat(30);
  await stack.createAgent({ name: long });
  for (const sandbox of [{ reply: 'done' }, { steps: [{ fail: 'refused' }] }]) {
    const { body } = await stack.trigger(token, { sandbox });
    await stack.poll(body.task_id);
  }
  const { body: key } = await stack.request<{ key: string }>('POST', '/api/keys', {
    name: 'Viewer',
    role: 'viewer',
  });
  const { context, page, goto } = await openStudio(stack, { key: key.key });
  await goto('/agents?sort=last_run');
  const row = page.locator('tbody tr').first();
  await until('its runs are counted', async () => /Busy.*2.*50%/.test((await row.textContent()) ?? ''), {
    timeoutMs: 20_000,
  });
  await row.getByRole('img', { name: /2 in all, 1 failed/ }).waitFor();
  await row.getByRole('button', { name: 'Actions for Busy' }).click();
  expect(await page.getByRole('menuitem', { name: 'Delete' }).isDisabled()).toBe(true);
  await page.getByText('This needs the role admin').waitFor();
  await page.keyboard.press('Escape');
  const cell = page.getByRole('rowheader', { name: long });
  const [name, room] = await Promise.all([cell.getByRole('link').boundingBox(), cell.boundingBox()]);
  expect(name?.width).toBeLessThanOrEqual(room?.width ?? 0);

  await page.setViewportSize({ width: 390, height: 844 });
  const card = page.getByRole('list', { name: 'Agents' }).getByRole('listitem').first();
  await card.getByRole('img', { name: /2 in all, 1 failed/ }).waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await card.getByRole('link', { name: 'Busy' }).click();
  await page.waitForURL(`**/agents/${id}`);

  await page.goto('/agents/new');
  await settled(page);
  await page.getByText('Only an admin can create agents').waitFor();
  await context.close();
});

test('a button loads more than one page of a list, and its oldest agents have their counts too', async () => {
  const oldest = await stack.createAgent({ name: 'The oldest', model: 'sandbox:echo' });
  const { token } = await stack.mintWebhook(oldest.id);
  await stack.poll((await stack.trigger(token, { sandbox: { reply: 'done' } })).body.task_id);
  for (let n = 0; n < 50; n += 1) await stack.createAgent({ name: `Younger ${n}`, model: 'sandbox:echo' });
  const { context, page, goto, seen } = await openStudio(stack);
  await goto('/agents');
  expect(await page.locator('tbody tr').count()).toBe(50);
  expect(await page.getByRole('link', { name: 'The oldest' }).count()).toBe(0);
  await page.getByText('50 loaded').waitFor();
  await page.getByRole('button', { name: 'Load more' }).click();
  const row = page.locator('tbody tr').filter({ hasText: 'The oldest' });
  await row.getByRole('img', { name: /1 in all, 0 failed/ }).waitFor();
  expect(await page.getByRole('button', { name: 'Load more' }).count()).toBe(0);

  await page.getByRole('combobox', { name: 'Order' }).click();
  await page.getByRole('option', { name: 'Most runs' }).click();
  await until('the most active agent comes first', async () =>
    /The oldest|Busy/.test((await page.locator('tbody tr').first().textContent()) ?? ''),
  );
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await context.close();
});

test('a double click creates one agent and saves one version of it', async () => {
  const { context, page, goto } = await openStudio(stack);
  const changes: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    const isChange = request.method() !== 'GET' && !pathname.endsWith('/preview');
    if (isChange) changes.push(request.method());
  });
  await goto('/agents/new?start=empty');
  await page.getByRole('textbox', { name: 'Name' }).fill('Clicked twice');
  await page.getByRole('button', { name: 'Create agent' }).dblclick({ delay: 30 });
  await page.waitForURL('**/agents/agt_*');
  await settled(page);
  await page.getByRole('textbox', { name: 'Description', exact: true }).fill('Once');
  await page.getByRole('button', { name: 'Save as v2' }).dblclick();
  await page.getByText('Saved as v2').waitFor();
  await page.getByRole('button', { name: 'Generate the webhook' }).dblclick();
  await page.getByLabel('webhook URL', { exact: true }).waitFor();
  expect(changes).toEqual(['POST', 'PATCH', 'POST']);
  await context.close();
});
