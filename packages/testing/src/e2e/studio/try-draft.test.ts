import { afterAll, beforeAll, expect } from '@jest/globals';
import { type ModelServer, type Stack, startOpenAiServer, startStack } from '../../index.js';
import { test } from '../browser-test.js';
import { violationsInBothSchemes } from './accessibility.js';
import { openStudio } from './open-studio.js';

let stack: Stack;
let model: ModelServer;

beforeAll(async () => {
  model = await startOpenAiServer();
  stack = await startStack({ env: { OPENAI_BASE_URL: model.url } });
});
afterAll(async () => {
  await stack?.stop();
  await model?.close();
});

test('Try it runs the draft, says so, and runs the same on another model beside it', async () => {
  const { id } = await stack.createAgent({ name: 'Greeter', system_prompt: 'Saved prompt.' });
  const { context, page, seen, goto } = await openStudio(stack, { viewport: { width: 1440, height: 900 } });
  await goto(`/agents/${id}`);
  const tryIt = page.getByRole('region', { name: 'Try it' });
  await tryIt.getByText('Runs v1, as it is saved.').waitFor();
  await page.getByRole('textbox', { name: 'System prompt' }).fill('Drafted prompt.');
  await tryIt.getByText('Runs your draft of v1.').waitFor();
  await tryIt.getByRole('button', { name: 'Send test' }).click();
  const runs = tryIt.getByRole('list', { name: 'Runs of this test' }).locator('> li');
  await runs.first().getByText('SUCCESS').first().waitFor();
  await runs.first().getByText('draft of v1').waitFor();

  model.respond({ text: 'From the model.' });
  await tryIt.getByRole('combobox', { name: 'The same on another model' }).fill('compatible:test-model');
  await tryIt.getByRole('button', { name: 'Compare' }).click();
  await runs.nth(1).getByText('From the model.').waitFor();
  await runs.nth(0).getByText('sandbox:echo', { exact: true }).waitFor();
  expect(await runs.nth(1).getByText('Cost').count()).toBe(1);
  expect(JSON.stringify(model.requests.at(-1)?.body)).toContain('Drafted prompt.');
  expect(await violationsInBothSchemes(page)).toEqual([]);

  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await tryIt.getByText('Runs v1, as it is saved.').waitFor();
  const saved = await stack.request('GET', `/api/agents/${id}`);
  expect(saved.body).toMatchObject({ version: 1, system_prompt: 'Saved prompt.' });
  expect(seen.problems).toEqual([]);
  await context.close();
}, 120_000);

test('what a draft is refused for is said beside its field', async () => {
  const { id } = await stack.createAgent({ name: 'Greeter' });
  const { context, page, goto } = await openStudio(stack, { viewport: { width: 1440, height: 900 } });
  await goto(`/agents/${id}`);
  await page.getByRole('combobox', { name: 'Model', exact: true }).fill('nobody:x');
  const tryIt = page.getByRole('region', { name: 'Try it' });
  await tryIt.getByRole('button', { name: 'Send test' }).click();
  await tryIt.getByRole('alert').getByText('No provider offers "nobody:x"').waitFor();
  const field = page.getByRole('combobox', { name: 'Model', exact: true });
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  await context.close();
}, 120_000);

test.each([
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
])(
  '“Open in editor” shows Try it with the payload of the run, at $width px',
  async (viewport) => {
    const { id } = await stack.createAgent({ name: 'Greeter' });
    const { token } = await stack.mintWebhook(id);
    const { task_id } = (await stack.trigger(token, { order: 4711 }, { 'x-github-event': 'issues' })).body;
    await stack.poll(task_id);
    const { context, page, goto } = await openStudio(stack, { viewport });
    await goto(`/runs/${task_id}`);
    await page.getByRole('link', { name: 'Open in editor' }).click();
    const tryIt = page.getByRole('region', { name: 'Try it' });
    await tryIt.getByText('4711').waitFor();
    expect(await tryIt.getByRole('textbox', { name: 'Headers' }).inputValue()).toContain(
      'x-github-event: issues',
    );
    expect(await page.locator('section:focus h2').first().textContent()).toBe('Try it');
    const { y = -1 } = (await tryIt.getByRole('textbox', { name: 'Payload' }).boundingBox()) ?? {};
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(viewport.height);
    await context.close();
  },
  120_000,
);
