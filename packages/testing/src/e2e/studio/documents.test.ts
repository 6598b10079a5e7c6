import { beforeAll, expect } from '@jest/globals';
import { makePdf, type Stack, sharedStack } from '../../index.js';
import { test } from '../browser-test.js';
import { violationsInBothSchemes } from './accessibility.js';
import { openStudio } from './open-studio.js';

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});

const file = (name: string, mimeType: string, content: string | Buffer) => ({
  name,
  mimeType,
  buffer: Buffer.from(content),
});

test('files are added to an agent that searches documents, refused with a reason if unreadable, and removed', async () => {
  const agent = await stack.createAgent({ name: 'Support', sandbox_tools: true });
  const { token } = await stack.mintWebhook(agent.id);
  const search = async (query: string) => {
    const steps = [{ tool: { name: 'documents', arguments: { query } } }];
    const { body } = await stack.trigger(token, { sandbox: { steps, reply: 'done' } });
    return JSON.stringify((await stack.poll(body.task_id)).result.tool_calls);
  };
  const { context, page, seen, goto } = await openStudio(stack);
  await goto(`/agents/${agent.id}`);
  await page.getByRole('button', { name: 'Add tool' }).click();
  await page.getByRole('menuitem', { name: /documents/i }).click();
  const panel = page.getByRole('region', { name: 'Documents', exact: true });
  await panel.getByText('No documents yet').waitFor();
  await page.getByRole('button', { name: /^Save as v/ }).click();
  await page.getByText('Saved as v2').waitFor();

  await panel
    .locator('input[type=file]')
    .setInputFiles([
      file('returns.md', 'text/markdown', '# Returns\nA return takes fourteen days.'),
      file('photo.txt', 'text/plain', Buffer.from([0xff, 0xd8, 0xff, 0xe0])),
      file('printer.pdf', 'application/pdf', makePdf([['The printer wants blue toner.']])),
      file('secret.pdf', 'application/pdf', makePdf([['x']], { encrypted: true })),
    ]);
  await panel.getByText('secret.pdf was not added').waitFor({ timeout: 60_000 });
  await panel.getByText('The PDF is encrypted. Remove its password first.').waitFor();
  await panel.getByText('photo.txt was not added').waitFor();
  await panel.getByText('It is empty or not UTF-8 text').waitFor();
  await panel.getByRole('button', { name: 'Remove printer.pdf' }).waitFor();
  expect(await panel.getByRole('button', { name: /^Remove/ }).count()).toBe(2);
  expect(await violationsInBothSchemes(page)).toEqual([]);
  expect(await search('toner')).toContain('blue toner');
  expect(await search('return days')).toContain('fourteen days');

  await panel.getByRole('button', { name: 'Remove printer.pdf' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await panel.getByRole('button', { name: 'Remove printer.pdf' }).waitFor({ state: 'detached' });
  expect(await search('toner')).not.toContain('blue toner');
  // The browser's own messages about refused uploads.
  expect(seen.problems.filter((line) => !/status of 4\d\d/.test(line))).toEqual([]);
  await context.close();

  const { body } = await stack.request<{ key: string }>('POST', '/api/keys', { name: 'Ada', role: 'viewer' });
  const phone = { width: 360, height: 740 };
  const ada = await openStudio(stack, { key: body.key, viewport: phone });
  await ada.goto(`/agents/${agent.id}`);
  const parts = ada.page.getByRole('radiogroup', { name: 'Part of the page' });
  await parts.getByText('Tools', { exact: true }).click();
  await ada.page.getByRole('button', { name: /documents/ }).click();
  await ada.page.getByText('returns.md').waitFor();
  const add = ada.page.getByRole('button', { name: 'Add files' });
  expect(await add.getAttribute('aria-disabled')).toBe('true');
  expect(await ada.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await ada.context.close();
}, 120_000);
