import { afterAll, beforeAll, expect } from '@jest/globals';
import { type Stack, sharedStack, until } from '../../index.js';
import { test } from '../browser-test.js';
import { openStudio } from './open-studio.js';

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});
afterAll(() => stack?.stop());

/** Reorders what follows it, and a letter of a hidden alphabet. */
const [OVERRIDE, TAG] = ['\u202e', '\u{e0041}'];

test('text from outside cannot reorder or hide anything on a page', async () => {
  const { id } = await stack.createAgent({ name: 'Texts', input_template: '{{ payload.note }}' });
  const { token } = await stack.mintWebhook(id);
  const note = `pay ${OVERRIDE}001 ${TAG}now`;
  const { body } = await stack.trigger(token, { note, sandbox: { reply: `Done: ${note}` } });
  await stack.poll(body.task_id);
  const { page, goto } = await openStudio(stack);
  for (const path of [`/runs/${body.task_id}?item=result`, `/runs/${body.task_id}?item=input`]) {
    await goto(path);
    await page.getByText('U+202E').first().waitFor();
    await page.getByTitle('hidden character').first().waitFor();
    const shown = (await page.locator('main').textContent()) ?? '';
    expect([shown.includes(OVERRIDE), shown.includes(TAG)]).toEqual([false, false]);
  }
  // A plain field could not show them, so the editor opens by itself.
  await goto(`/agents/${id}?payload_from=${body.task_id}`);
  await page.locator('.cm-specialChar').first().waitFor();
});

test('copy buttons work on plain http under any host name, and copy the text itself', async () => {
  const { id } = await stack.createAgent({ name: 'Copied', input_template: '{{ payload.note }}' });
  const { token } = await stack.mintWebhook(id);
  const { body } = await stack.trigger(token, { sandbox: { reply: `a${OVERRIDE}b` } });
  await stack.poll(body.task_id);
  const { page, goto } = await openStudio(stack, { isPlainHost: true });
  await goto(`/runs/${body.task_id}?item=result`);
  expect(await page.evaluate('isSecureContext')).toBe(false);
  await page.getByRole('button', { name: 'Copy Answer' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  await page.evaluate("document.body.append(document.createElement('textarea'))");
  const field = page.locator('body > textarea');
  await field.focus();
  await page.keyboard.press('Control+V');
  await until('the text is pasted', async () => (await field.inputValue()) === `a${OVERRIDE}b`);
});

test('a copy button says so if the browser refuses', async () => {
  const { id } = await stack.createAgent({ name: 'Refused', input_template: 'x' });
  const { token } = await stack.mintWebhook(id);
  const { body } = await stack.trigger(token, { sandbox: { reply: 'a' } });
  await stack.poll(body.task_id);
  const { page, goto } = await openStudio(stack, { isPlainHost: true });
  await goto(`/runs/${body.task_id}?item=result`);
  await page.evaluate('document.execCommand = () => false');
  await page.getByRole('button', { name: 'Copy Answer' }).click();
  await page.getByRole('button', { name: 'Not copied' }).waitFor();
});
