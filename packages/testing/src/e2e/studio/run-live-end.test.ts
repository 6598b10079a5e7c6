import { beforeAll, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Stack, sharedStack } from '../../index.js';
import { test } from '../browser-test.js';
import { openStudio, settled } from './open-studio.js';

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});

const sandbox = {
  steps: [
    { text: 'Looking.', tool: { name: 'notes_recall', arguments: { query: 'x' } } },
    { latency_ms: 8_000, tool: { name: 'missing', arguments: { a: 1 } } },
    { latency_ms: 300, tool: { name: 'notes_save', arguments: { key: 'k', text: 't' } } },
  ],
  reply: 'Done.',
};

/** What the page shows of the run's time and steps. */
async function shown(page: Page) {
  const time = page.getByRole('region', { name: 'Where the time went' });
  const timeline = page.getByRole('navigation', { name: 'What happened' }).getByRole('button');
  return {
    bar: await time.getByRole('img').locator('[data-kind]').count(),
    rows: await time.getByRole('row').allInnerTexts(),
    timeline: await timeline.allInnerTexts(),
  };
}

test('a run that was watched to its end looks as it does after a reload, with why a call was not made', async () => {
  const { id } = await stack.createAgent({
    name: 'Watched',
    tools: [{ type: 'memory', name: 'notes' }],
    sandbox_tools: true,
  });
  const { token } = await stack.mintWebhook(id);
  const { task_id } = (await stack.trigger(token, { sandbox })).body;
  const { context, page, seen, goto } = await openStudio(stack);
  await goto(`/runs/${task_id}`);
  await page.getByRole('button', { name: 'Waterfall', exact: true }).click();
  const timeline = page.getByRole('navigation', { name: 'What happened' });
  await timeline.getByText('The model is working').waitFor();
  await timeline.getByRole('button', { name: 'Result' }).waitFor();
  const watched = await shown(page);
  await page.reload();
  await settled(page);
  // It is open from the start for a run that has ended.
  await page.getByRole('button', { name: 'Hide the waterfall' }).waitFor();
  expect(await shown(page)).toEqual(watched);

  const { result } = (await stack.status(task_id)).body;
  const refused = result.tool_calls.find(({ name }: { name: string }) => name === 'missing');
  expect(refused.error).toContain('missing');
  await timeline.getByRole('button', { name: 'missing' }).click();
  await page.getByRole('region', { name: 'Details' }).getByText(refused.error).waitFor();
  expect(seen.problems).toEqual([]);
  await context.close();
}, 120_000);

test('a call that waits for a person is shown as waiting, and its time is not the model’s', async () => {
  const { id } = await stack.createAgent({
    name: 'Asks',
    tools: [{ type: 'memory', name: 'notes', approval: 'always' }],
    sandbox_tools: true,
  });
  const { token } = await stack.mintWebhook(id);
  const steps = [{ tool: { name: 'notes_save', arguments: { key: 'k', text: 't' } } }];
  const { task_id } = (await stack.trigger(token, { sandbox: { steps, reply: 'Done.' } })).body;
  const { context, page, goto } = await openStudio(stack);
  await goto(`/runs/${task_id}`);
  await page.getByRole('heading', { name: 'Approve a call of notes_save' }).waitFor();
  const timeline = page.getByRole('navigation', { name: 'What happened' });
  const call = timeline.getByRole('button', { name: 'notes_save' });
  await call.getByText('waits for a decision').waitFor();
  const bar = page.getByRole('region', { name: 'Where the time went' }).getByRole('img');
  const last = await bar.locator('[data-kind]').last().getAttribute('data-kind');
  expect(last).toBe('other');
  await page.getByRole('button', { name: 'Deny' }).click();
  await call.getByText('denied').waitFor();
  await context.close();
});
