import { beforeAll, expect } from '@jest/globals';
import { type Stack, sharedStack } from '../../index.js';
import { test } from '../browser-test.js';
import { seriousViolations } from './accessibility.js';
import { openStudio } from './open-studio.js';

let stack: Stack;
let token: string;

beforeAll(async () => {
  stack = await sharedStack();
  const agent = await stack.createAgent({
    name: 'Ticket triage',
    model: 'sandbox:echo',
    tools: [{ type: 'memory', name: 'notes' }],
    sandbox_tools: true,
    limits: { max_attempts: 1 },
  });
  ({ token } = await stack.mintWebhook(agent.id));
});

const trigger = async (payload: object) => (await stack.trigger(token, payload)).body.task_id;
const recall = { name: 'notes_recall', arguments: { query: 'Lovelace' } };

test("a run's page fills step by step while it runs, and each part opens", async () => {
  const { context, page, seen, goto } = await openStudio(stack);
  const id = await trigger({
    text: 'charged twice',
    sandbox: {
      steps: [
        { text: 'Let me look.', tool: recall, tokens: 40 },
        { latency_ms: 6_000, tool: { name: 'notes_save', arguments: { key: 'k', text: 't' } }, tokens: 2 },
        { latency_ms: 1_500 },
      ],
      reply: 'billing',
    },
  });
  let reads = 0;
  page.on('request', (request) => {
    reads += Number(request.url().endsWith(`/api/tasks/${id}`));
  });
  await goto(`/runs/${id}`);
  const timeline = page.getByRole('navigation', { name: 'What happened' });
  await timeline.getByRole('button', { name: 'notes_recall' }).waitFor();
  await timeline.getByText('The model is working').waitFor();
  expect(await timeline.getByRole('button', { name: 'notes_save' }).count()).toBe(0);
  expect(await seriousViolations(page)).toEqual([]);
  await timeline.getByRole('button', { name: 'notes_save' }).waitFor();
  await timeline.getByRole('button', { name: 'Result' }).waitFor();
  await page.getByRole('region', { name: 'Answer' }).getByText('billing').waitFor();
  await page.getByText('SUCCESS').first().waitFor();
  await page.getByRole('img', { name: /Time, in order: .*Model .*Tools/ }).waitFor();
  // On opening, once it had a prompt, and at its end.
  expect(reads).toBeLessThanOrEqual(3);

  await timeline.getByRole('button', { name: 'notes_recall' }).click();
  await page.waitForURL(`**/runs/${id}?item=tool-1-1`);
  expect(await page.getByRole('region', { name: 'Arguments' }).textContent()).toContain('Lovelace');
  await page.getByRole('button', { name: 'Raw JSON' }).click();
  expect(await page.getByRole('region', { name: 'Raw JSON' }).textContent()).toContain('"started_at"');
  await page.getByRole('button', { name: 'Waterfall' }).click();
  await page.getByRole('rowheader', { name: 'In the queue' }).waitFor();
  await page.getByRole('rowheader', { name: 'notes_save' }).getByRole('button').click();
  await page.waitForURL(`**/runs/${id}?item=tool-2-1`);

  // Escape first closes what is open, and only then the page.
  const more = page.getByRole('button', { name: 'More actions' });
  await more.click();
  await page.getByRole('menuitem', { name: 'Raw JSON' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await more.click();
  await page.getByRole('menuitem', { name: 'Raw JSON' }).click();
  const dialog = page.getByRole('dialog', { name: 'Raw JSON of the run' });
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(page.url()).toContain(id);

  const editor = page.getByRole('link', { name: 'Open in editor' });
  expect(await editor.getAttribute('href')).toContain(`payload_from=${id}`);
  await page.getByRole('button', { name: 'Replay' }).click();
  await page.getByText('Replay of').waitFor();
  await page.getByRole('link', { name: id.slice(0, 8) }).waitFor();
  expect(page.url()).not.toContain(id);
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await context.close();
});

test('a failed run says why and what to do; an unknown one says where to look', async () => {
  const id = await trigger({ sandbox: { steps: [{ fail: 'auth' }] } });
  await stack.poll(id);
  const { context, page, goto } = await openStudio(stack);
  await goto(`/runs/${id}`);
  const alert = page.getByRole('alert').filter({ hasText: 'model_auth' });
  expect(await alert.textContent()).toContain('API key');
  await goto('/runs/00000000-0000-8000-8000-000000000000');
  await page.getByText('Run not found').waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await context.close();
});

test('a large hostile payload is shown as text, beginning first; a key without payloads sees none of it', async () => {
  const hostile = '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>';
  const id = await trigger({
    hostile,
    long: 'x'.repeat(900_000),
    lines: ['the last line'],
    sandbox: { reply: hostile },
  });
  await stack.poll(id);
  const { context, page, seen, goto } = await openStudio(stack);
  await goto(`/runs/${id}`);
  expect(await page.getByRole('region', { name: 'Answer' }).textContent()).toBe(hostile);
  await page.getByRole('button', { name: 'Payload and headers' }).click();
  const payload = page.getByRole('region', { name: 'Payload' });
  expect((await payload.textContent())?.length).toBeLessThan(20_000);
  await page.getByRole('button', { name: /^Show all 90\d,\d{3} characters$/ }).click();
  await payload.getByText('the last line').waitFor({ state: 'attached' });
  expect(await page.title()).toContain('Run ');
  expect(await seriousViolations(page)).toEqual([]);
  expect(seen).toEqual({ problems: [], otherHosts: [] });

  const made = await stack.request<{ key: string }>('POST', '/api/keys', {
    name: 'Viewer',
    role: 'viewer',
    see_payloads: false,
  });
  const viewer = await openStudio(stack, { key: made.body.key });
  await viewer.goto(`/runs/${id}?item=input`);
  await viewer.page.getByText('Withheld').first().waitFor();
  await viewer.page.getByRole('button', { name: 'Result' }).click();
  await viewer.page.getByText('Withheld').first().waitFor();
  expect(await viewer.page.content()).not.toContain('onerror');
  expect(viewer.seen).toEqual({ problems: [], otherHosts: [] });
  await Promise.all([context.close(), viewer.context.close()]);
});

test('a run is erased from its page, and all runs of an agent from the agent’s', async () => {
  const agent = await stack.createAgent({ name: 'Forgetful', model: 'sandbox:echo' });
  const { token: own } = await stack.mintWebhook(agent.id);
  const send = async () => (await stack.trigger(own, { sandbox: { reply: 'done' } })).body.task_id;
  const [first, second] = [await send(), await send()];
  await Promise.all([first, second].map((id) => stack.poll(id)));
  const { context, page, seen, goto } = await openStudio(stack);
  await goto(`/runs/${first}`);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Erase' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Erase the run' }).click();
  await page.waitForURL('**/runs');
  expect((await stack.request('GET', `/api/tasks/${first}`)).status).toBe(404);

  await goto(`/agents/${agent.id}`);
  await page.getByRole('button', { name: 'Erase runs' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Erase the runs' }).click();
  await page.getByText('1 run erased').waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  expect((await stack.request('GET', `/api/tasks/${second}`)).status).toBe(404);
  expect(seen.otherHosts).toEqual([]);
  await context.close();
});
