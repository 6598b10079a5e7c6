import { beforeAll, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Stack, sharedStack } from '../../index.js';
import { test } from '../browser-test.js';
import { openStudio } from './open-studio.js';

/** Two of them nearly reach a webhook's limit of 1 MiB. */
const HALF = 500_000;
/** Characters and elements that a page of ordinary size stays below. */
const MOST = { characters: 100_000, elements: 3_000 };

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});

/** How much a page contains: in the document and in its fields. */
async function sizeOf(page: Page) {
  const [characters = 0, elements = 0] = await page.evaluate<number[]>(
    `[
      document.body.textContent.length +
        [...document.querySelectorAll('input, textarea')].reduce((sum, { value }) => sum + value.length, 0),
      document.querySelectorAll('*').length,
    ]`,
  );
  return { characters, elements };
}

async function expectLight(page: Page) {
  const { characters, elements } = await sizeOf(page);
  expect(characters).toBeLessThan(MOST.characters);
  expect(elements).toBeLessThan(MOST.elements);
  // Then it is still drawn.
  await page.evaluate(
    'new Promise((done) => { let left = 20; const next = () => (left-- > 0 ? requestAnimationFrame(next) : done()); next(); })',
  );
}

test('a payload and a result of half a megabyte each are shown in part, used whole, and never put into an editor', async () => {
  const { id } = await stack.createAgent({
    name: 'Large',
    model: 'sandbox:echo',
    input_template: 'First: {{ payload.rows[0].n }}',
  });
  const { token } = await stack.mintWebhook(id);
  const rows = Array.from({ length: HALF / 50 }, (_, n) => ({ n, text: `row ${n} `.padEnd(30, '.') }));
  const { body } = await stack.trigger(token, { rows, sandbox: { reply: 'an answer '.repeat(HALF / 10) } });
  await stack.poll(body.task_id);
  const { context, page, seen, goto } = await openStudio(stack);

  await goto(`/runs/${body.task_id}`);
  await page.getByRole('region', { name: 'Answer' }).getByText('an answer').waitFor();
  await expectLight(page);
  await page.getByRole('button', { name: 'Payload and headers' }).click();
  await page.getByRole('region', { name: 'Payload', exact: true }).getByText('row 0').waitFor();
  await page.getByRole('button', { name: 'Raw JSON' }).click();
  await page.getByRole('region', { name: 'Raw JSON' }).getByText('row 0').waitFor();
  await expectLight(page);

  await page.getByRole('link', { name: 'Open in editor' }).click();
  const preview = page.getByRole('region', { name: 'First message' });
  await preview.getByText('First:').waitFor();
  await expectLight(page);
  expect(await page.getByRole('textbox', { name: 'Payload' }).count()).toBe(0);
  expect(await page.getByText('too many to edit here').count()).toBe(2);
  await page.getByRole('textbox', { name: 'Input template' }).click();
  await page.keyboard.press('End');
  // All at once: if typing is slow, half a template would be previewed and refused.
  await page.keyboard.insertText(', last: {{ payload.rows.last.n }}');
  await preview.getByText(`, last: ${rows.length - 1}`).waitFor();

  await page.getByRole('button', { name: 'Send test' }).click();
  const live = page.getByRole('region', { name: 'Live run' });
  await live.getByRole('status').getByText('SUCCESS').waitFor();
  const { body: list } = await stack.request<{ tasks: { task_id: string }[] }>('GET', '/api/tasks?limit=1');
  const { body: sent } = await stack.request<{ payload: { rows: object[] } }>(
    'GET',
    `/api/tasks/${list.tasks[0]?.task_id}`,
  );
  expect(sent.payload.rows).toEqual(rows);
  await expectLight(page);
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await context.close();
});
