import { beforeAll, expect } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { type Stack, sharedStack } from '../../index.js';
import { test } from '../browser-test.js';
import { violationsInBothSchemes } from './accessibility.js';
import { openStudio } from './open-studio.js';

/** A long path through the browser, on a machine that may be busy. */
const TEST_MS = 120_000;

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});

const panel = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });

test(
  'an editor lets events continue a conversation and share a run; the conversation is read and deleted',
  async () => {
    const { id } = await stack.createAgent({ name: 'Support', model: 'sandbox:echo' });
    const { token } = await stack.mintWebhook(id);
    const { context, page, goto, seen } = await openStudio(stack);
    await goto(`/agents/${id}`);

    const together = panel(page, 'Events that belong together');
    await together.getByRole('switch', { name: 'Continue a conversation' }).check({ force: true });
    const key = together.getByRole('textbox', { name: 'Key' });
    await key.fill('{{ payload.ticket }}');
    await together.getByRole('switch', { name: 'Make one run of a burst' }).check({ force: true });
    await key.last().fill('{{ payload.ticket }}');
    await together.getByRole('textbox', { name: 'Quiet for, in seconds' }).fill('0.5');
    expect(await violationsInBothSchemes(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved as v2').waitFor();
    const { body } = await stack.request('GET', `/api/agents/${id}`);
    expect(body).toMatchObject({
      conversation: { key: '{{ payload.ticket }}', when_busy: 'queue', max_tokens: 16_000 },
      burst: { key: '{{ payload.ticket }}', window_seconds: 0.5, keep: 'latest' },
    });

    const send = (text: string) => stack.trigger(token, { ticket: 'T-1', text, sandbox: { reply: text } });
    const first = (await send('It hums.')).body.task_id;
    expect((await send('It hums loudly.')).body.task_id).toBe(first);
    await stack.poll(first);

    await page.getByRole('link', { name: 'Conversations' }).click();
    await page.getByRole('link', { name: 'T-1' }).click();
    await page.getByRole('heading', { name: 'T-1', level: 1 }).waitFor();
    await panel(page, 'Turns').getByRole('region', { name: 'Answer' }).getByText('It hums loudly.').waitFor();
    await panel(page, 'Runs').getByText('SUCCESS').waitFor();
    await panel(page, 'Runs').getByRole('link').click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('link', { name: /^cnv_/ }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No conversations').waitFor();
    expect(seen.problems).toEqual([]);
    expect(seen.otherHosts).toEqual([]);
    await context.close();
  },
  TEST_MS,
);
