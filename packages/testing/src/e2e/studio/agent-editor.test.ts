import { beforeAll, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type AgentBody, type Stack, sharedStack, until } from '../../index.js';
import { test } from '../browser-test.js';
import { seriousViolations } from './accessibility.js';
import { openStudio, type StudioOptions } from './open-studio.js';

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});

const AGENT = { name: 'Triage', system_prompt: 'Sort tickets.', input_template: 'Q: {{ payload.q }}' };

async function openAgent(agent: AgentBody, options: StudioOptions & { search?: string } = {}) {
  const studio = await openStudio(stack, options);
  await studio.goto(`/agents/${agent.id}${options.search ?? ''}`);
  return studio;
}
const read = async (id: string) => (await stack.request('GET', `/api/agents/${id}`)).body;
const versions = async (id: string) =>
  (await stack.request<{ versions: unknown[] }>('GET', `/api/agents/${id}/versions`)).body.versions;

const editor = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
/** Types over the content of a code editor. */
async function write(page: Page, name: string, text: string) {
  await editor(page, name).click();
  await page.keyboard.press('ControlOrMeta+A');
  // The first character by its key, over the selection, because a browser does more then than insert text.
  await page.keyboard.type(text.slice(0, 1));
  await page.keyboard.insertText(text.slice(1));
}
const save = (page: Page) => page.getByRole('button', { name: /^Save as v/ });
const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('a prompt is edited against a payload, its errors are shown at their line, and it is saved as a version', async () => {
  const agent = await stack.createAgent(AGENT);
  const { token } = await stack.mintWebhook(agent.id);
  const { body } = await stack.trigger(token, { q: 'Why does it not print?' });
  const { page, seen, context } = await openAgent(agent, { search: `?payload_from=${body.task_id}` });
  const message = region(page, 'First message');
  await message.getByText(/^Q: <data-\w+>Why does it not print\?</).waitFor();
  expect(await save(page).isDisabled()).toBe(true);
  // No other payload is previewed on the way to it.
  const asked = page.waitForRequest((request) => request.url().endsWith('/preview'));
  await page.reload();
  expect((await asked).postData()).toContain('Why does it not print?');
  await message.getByText(/^Q: <data-\w+>Why does it not print\?</).waitFor();

  await write(page, 'Input template', 'First line\n{{ payload.q | nope }}');
  await page.getByText('Line 2, column 1: undefined filter: nope', { exact: true }).waitFor();
  await page.locator('.cm-lintRange-error').getByText('nope').first().waitFor();

  // Also over highlighted text.
  await write(page, 'Input template', '{{ payload.q }}');
  await write(page, 'Input template', 'Answer: {{ payload.q | upcase }}');
  await message.getByText('WHY DOES IT NOT PRINT?').waitFor();
  // Tab leaves the editor, as in any other field.
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.closest(".cm-editor")')).toBeNull();

  await save(page).click();
  await page.getByText('Saved as v2').waitFor();
  expect(await read(agent.id)).toMatchObject({
    version: 2,
    input_template: 'Answer: {{ payload.q | upcase }}',
    system_prompt: AGENT.system_prompt,
  });
  const prompt = (await stack.trigger(token, { q: 'x' })).body.task_id;
  await stack.poll(prompt);
  const { body: trace } = await stack.request<{ prompt: { user: string } }>('GET', `/api/tasks/${prompt}`);
  expect(trace.prompt.user).toMatch(/^Answer: <data-\w+>X<\/data-\w+>$/);
  // The browser's own messages about previews that were refused.
  expect(seen.problems.filter((line) => !/status of 4\d\d/.test(line))).toEqual([]);
  expect(seen.otherHosts).toEqual([]);
  await context.close();
});

test('a tool is added in a form with a secret that is never shown again, and an api error is shown at its field', async () => {
  const agent = await stack.createAgent(AGENT);
  const { page, context } = await openAgent(agent);
  await page.getByRole('button', { name: 'Add tool' }).click();
  await page.getByRole('menuitem', { name: /^HTTP request/ }).click();
  const tools = region(page, 'Tools');
  await tools.getByLabel('Name *').fill('create_issue');
  await save(page).click();
  await page.getByText('Must not be empty.').last().waitFor();
  expect(await tools.getByLabel('URL *').getAttribute('aria-invalid')).toBe('true');
  // The message is where the user looks, and where a screen reader is.
  const told = await page.locator(':focus').textContent();
  expect(told).toContain('Tools, no. 1, URL: Must not be empty.');
  expect(await seriousViolations(page)).toEqual([]);

  await tools.getByLabel('URL *').fill('https://api.example.com/issues');
  await tools.getByRole('button', { name: 'Add to Headers' }).click();
  await tools.getByLabel('Headers: name').fill('authorization');
  await tools.getByLabel('Headers: value of authorization').fill('Bearer {{ secrets.token }}');
  // Its own field appears with its name.
  await save(page).click();
  await tools.getByText('uses the missing secret "token"').first().waitFor();
  await tools.getByLabel('token *').fill('hunter2');
  await save(page).click();
  await page.getByText('Saved as v2').waitFor();
  await tools.getByText('stored', { exact: true }).waitFor();
  expect(await page.content()).not.toContain('hunter2');
  expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).not.toContain('hunter2');
  expect((await read(agent.id)).tools).toEqual([
    {
      type: 'http',
      name: 'create_issue',
      url: 'https://api.example.com/issues',
      headers: { authorization: 'Bearer {{ secrets.token }}' },
      secrets: { token: true },
    },
  ]);
  await context.close();
});

test('an amount below one is typed digit by digit', async () => {
  const agent = await stack.createAgent(AGENT);
  const { page, context } = await openAgent(agent);
  await page.getByRole('switch', { name: 'Limit what the agent spends' }).click();
  await page.getByLabel('USD a day').fill('');
  await page.getByLabel('USD a day').pressSequentially('0.50');
  await page.getByLabel('Cost of a run (USD)').pressSequentially('0.05');
  await save(page).click();
  await page.getByRole('button', { name: 'Save as v3' }).waitFor();
  expect(await read(agent.id)).toMatchObject({
    budget: { per_day_usd: 0.5 },
    limits: { max_cost_usd: 0.05 },
  });
  await context.close();
});

test('retention and masks are set, and a mask that cannot be used is told at its place', async () => {
  const agent = await stack.createAgent(AGENT);
  const { page, context } = await openAgent(agent);
  const masks = page.getByRole('group', { name: 'Masks' });
  await page.getByLabel('Keep ended runs (days)').fill('2');
  await masks.getByRole('button', { name: 'Add a mask' }).click();
  await masks.getByRole('textbox', { name: 'Mask 1', exact: true }).fill('email');
  await save(page).click();
  await masks.getByText('is no JSON Pointer').waitFor();
  await masks.getByRole('textbox', { name: 'Mask 1', exact: true }).fill('/customer/email');
  await save(page).click();
  await page.getByText('Saved as v2').waitFor();
  expect(await read(agent.id)).toMatchObject({
    retention: { days: 2, store: 'full' },
    masks: [{ pointer: '/customer/email' }],
  });
  await context.close();
});

test('leaving with unsaved changes asks, and staying keeps them', async () => {
  const agent = await stack.createAgent(AGENT);
  const { page, context } = await openAgent(agent);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Sorter');
  await page.getByText('Unsaved changes').waitFor();
  await page.getByRole('link', { name: 'Runs' }).click();
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
  await dialog.getByRole('button', { name: 'Stay' }).click();
  expect(await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('Sorter');
  await page.getByRole('link', { name: 'Runs' }).click();
  await dialog.getByRole('button', { name: 'Leave' }).click();
  await page.waitForURL('**/runs');
  expect(await read(agent.id)).toMatchObject({ name: 'Triage', version: 1 });
  await context.close();
});

test('if a session ends during an edit, the user signs in on the page and keeps the edit', async () => {
  const agent = await stack.createAgent(AGENT);
  const made = await stack.request<{ id: string; key: string }>('POST', '/api/keys', {
    name: 'Ada',
    role: 'admin',
  });
  const { page, context } = await openAgent(agent, { key: made.body.key });
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Sorter');
  await stack.request('DELETE', `/api/keys/${made.body.id}`);
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.getByLabel('API key').fill(stack.adminKey);
  expect(await seriousViolations(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await save(page).click();
  await page.getByText('Saved as v2').waitFor();
  expect(await read(agent.id)).toMatchObject({ name: 'Sorter', version: 2 });
  await context.close();
});

test("of two people who save, the later one sees the first one's change and keeps their own", async () => {
  const agent = await stack.createAgent(AGENT);
  const { key } = (
    await stack.request<{ key: string }>('POST', '/api/keys', { name: 'Grace', role: 'admin' })
  ).body;
  const mine = await openAgent(agent);
  const theirs = await openAgent(agent, { key });
  await write(mine.page, 'System prompt', 'Sort tickets. Be kind.');
  await write(theirs.page, 'System prompt', 'Sort tickets. Be quick.');
  await theirs.page.getByRole('textbox', { name: 'Description', exact: true }).fill('By Grace');
  await save(theirs.page).click();
  await theirs.page.getByText('Saved as v2').waitFor();

  await save(mine.page).click();
  const dialog = mine.page.getByRole('dialog', { name: 'Version 2 was saved first' });
  await dialog.getByText(/^Grace saved version 2/).waitFor();
  await dialog.getByText('+Sort tickets. Be quick.').waitFor();
  await dialog.getByText('+Sort tickets. Be kind.').waitFor();
  expect(await seriousViolations(mine.page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Save mine on top' }).click();
  await mine.page.getByText('Saved as v3').waitFor();
  expect(await read(agent.id)).toMatchObject({
    version: 3,
    system_prompt: 'Sort tickets. Be kind.',
    description: 'By Grace',
  });
  await mine.context.close();
  await theirs.context.close();
});

test('an older version is compared and restored as a new one', async () => {
  const agent = await stack.createAgent(AGENT);
  await stack.request('PATCH', `/api/agents/${agent.id}`, { system_prompt: 'Guess.' });
  const { page, context } = await openAgent(agent);
  await page.getByRole('button', { name: 'History' }).click();
  const drawer = page.getByRole('dialog', { name: 'Versions' });
  const changes = drawer.getByRole('region', { name: 'Changes of System prompt' });
  await changes.getByText('-Sort tickets.').waitFor();
  await changes.getByText('+Guess.').waitFor();
  expect(await seriousViolations(page)).toEqual([]);

  await drawer.getByRole('button', { name: /^v1 / }).click();
  await drawer.getByRole('button', { name: 'Restore v1' }).click();
  await page.getByRole('button', { name: 'Restore', exact: true }).click();
  await page.getByText('It is saved as v3.').waitFor();
  expect(await read(agent.id)).toMatchObject({ version: 3, system_prompt: AGENT.system_prompt });
  expect(await versions(agent.id)).toHaveLength(3);
  await until('the editor shows it', async () =>
    (await editor(page, 'System prompt').textContent())?.includes(AGENT.system_prompt),
  );
  await context.close();
});

test('a viewer reads everything and changes nothing', async () => {
  const agent = await stack.createAgent({ ...AGENT, tools: [{ type: 'memory', name: 'notes' }] });
  const { key } = (
    await stack.request<{ key: string }>('POST', '/api/keys', { name: 'Reader', role: 'viewer' })
  ).body;
  const { page, context } = await openAgent(agent, { key });
  await editor(page, 'System prompt').click();
  await page.keyboard.insertText('no');
  expect(await editor(page, 'System prompt').textContent()).not.toContain('no');
  expect(await page.getByRole('button', { name: 'Add tool' }).count()).toBe(0);
  expect(await save(page).getAttribute('aria-disabled')).toBe('true');
  await save(page).focus();
  await page.getByText('This needs the role admin; you are signed in as viewer.').first().waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  const other = await context.newPage();
  await other.goto('/audit');
  await other.getByText('Only an admin can read the audit log').waitFor();
  await other.close();

  // Once someone looks at it again, the page shows what others have done.
  await stack.request('DELETE', `/api/agents/${agent.id}`);
  await until('it is reported as deleted', async () => {
    await page.evaluate('window.dispatchEvent(new Event("visibilitychange"))');
    return (await page.getByText('The agent was deleted').count()) > 0;
  });
  await context.close();
});

test('an agent is duplicated with its secrets entered again, disabled beside unsaved changes, and deleted by its name', async () => {
  const agent = await stack.createAgent({
    ...AGENT,
    tools: [{ type: 'http', name: 'crm', url: 'https://crm.example.com', secrets: { key: 'hunter2' } }],
  });
  const { page, context } = await openAgent(agent);
  await page.getByRole('link', { name: 'Duplicate' }).click();
  await page.getByLabel('crm: key').fill('hunter3');
  await page.getByRole('button', { name: 'Create agent' }).click();
  await page.waitForURL('**/agents/agt_*');
  const copy = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  expect(await read(copy)).toMatchObject({ name: 'Copy of Triage', tools: [{ secrets: { key: true } }] });

  // A part that saves by itself also creates a version. The draft continues from it without a conflict.
  await page.getByRole('textbox', { name: 'Description', exact: true }).fill('Of another team');
  await page.getByRole('button', { name: 'Disable' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await page.getByRole('button', { name: 'Enable' }).waitFor();
  await page.getByRole('button', { name: 'Save as v3' }).click();
  await page.getByText('Saved as v3').waitFor();
  expect(await read(copy)).toMatchObject({ status: 'disabled', description: 'Of another team' });

  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await page.locator(':focus').textContent()).toBe('Delete');
  await page.keyboard.press('Enter');
  await dialog.getByRole('textbox').fill('Copy of Triage');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL('**/agents');
  expect(await read(copy)).toMatchObject({ code: 'unknown_agent' });
  await page.goto(`/agents/${copy}`);
  await page.getByText('Agent not found').waitFor();
  await page.getByRole('link', { name: 'Go to the agents' }).click();
  await page.waitForURL('**/agents');
  await context.close();
});
