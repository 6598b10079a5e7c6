import { afterAll, beforeAll, expect } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import {
  type HttpCall,
  type HttpServer,
  type Stack,
  startHttpServer,
  startStack,
  until,
} from '../../index.js';
import { test } from '../browser-test.js';
import { violationsInBothSchemes } from './accessibility.js';
import { openStudio, settled } from './open-studio.js';

/** Each is a long path through the browser, on a machine that may be busy. */
const TEST_MS = 120_000;

let stack: Stack;
let receiver: HttpServer;
/** The receiver's answer. */
let answer: { status: number; body: string };

beforeAll(async () => {
  receiver = await startHttpServer((_call, response) => response.writeHead(answer.status).end(answer.body));
  // Its own: no other private address may be called.
  stack = await startStack({ env: { EGRESS_ALLOW: `127.0.0.1:${receiver.port}` } });
});

afterAll(async () => {
  await stack?.stop();
  await receiver?.close();
});

const FITS = 'document.documentElement.scrollWidth <= document.documentElement.clientWidth';

const callbackOf = (page: Page): Locator => page.getByRole('region', { name: 'Callback', exact: true });
const shownSecret = (page: Page) => callbackOf(page).getByLabel('callback secret', { exact: true });

/** Sends a test from the agent's page, and waits until its run has ended. */
async function sendTest(page: Page) {
  await page.getByRole('button', { name: 'Send test' }).click();
  const live = page.getByRole('region', { name: 'Live run' });
  await live.getByRole('status').getByText('SUCCESS').waitFor();
  // A waiting button keeps the focus.
  expect(await page.locator('button:focus').textContent()).toBe('Send test');
}

/** The receiver's next call, once it has arrived. */
const nextCall = (after: number): Promise<HttpCall> =>
  until('the receiver gets one', () => receiver.calls[after], { timeoutMs: 20_000 });

test(
  'a person adds a callback, copies its secret, finds each delivery on both pages, sends one again, and rotates the secret',
  async () => {
    answer = { status: 202, body: 'Taken, thank you.' };
    const { id } = await stack.createAgent({ name: 'Told', model: 'sandbox:echo' });
    const { context, page, goto, seen } = await openStudio(stack);
    await goto(`/agents/${id}`);
    const callback = callbackOf(page);
    const url = callback.getByLabel('URL', { exact: true });

    await url.fill('ftp://shop.example.com/');
    await url.press('Enter');
    await callback.getByText('Enter the whole URL').waitFor();
    expect(await url.getAttribute('aria-invalid')).toBe('true');
    await url.fill('http://10.1.2.3/hook');
    await callback.getByText('10.1.2.3 is not public').waitFor();
    expect(await violationsInBothSchemes(page)).toEqual([]);
    await url.fill(`${receiver.url}/hook`);
    await url.press('Enter');
    const first = await shownSecret(page).inputValue();
    expect(first).toMatch(/^whsec_/);
    // Ready to be copied.
    expect(await page.locator('input:focus').inputValue()).toBe(first);
    await callback.getByText('you will not see it again').waitFor();
    await callback.getByText('No deliveries yet').waitFor();

    await sendTest(page);
    const told = await nextCall(0);
    const verified = new Webhook(first).verify(told.body, told.headers) as { data: { task_id: string } };
    const line = callback.getByRole('button', { name: /delivered.*202/ });
    await line.click();
    await callback.getByRole('cell', { name: '202' }).waitFor();
    await callback.getByRole('cell', { name: /^\d+ ms$|^<? ?1 ms$/ }).waitFor();
    await callback.getByRole('region', { name: 'receiver’s answer' }).getByText('Taken').waitFor();
    expect(await callback.getByText('is not public').count()).toBe(0);
    expect(await violationsInBothSchemes(page)).toEqual([]);

    await callback.getByRole('link', { name: 'Open the run' }).click();
    await page.waitForURL(`**/runs/${verified.data.task_id}**`);
    await settled(page);
    await page.getByRole('button', { name: /Callback.*delivered · 202/ }).click();
    const details = page.getByRole('region', { name: 'Details' });
    await details.getByText(`${receiver.url}/hook`).waitFor();
    await details.getByRole('region', { name: 'Answer' }).getByText('Taken, thank you.').waitFor();
    answer = { status: 200, body: 'Once more.' };
    await details.getByRole('button', { name: 'Send again' }).click();
    const again = await nextCall(1);
    expect([again.headers['webhook-id'], again.body]).toEqual([told.headers['webhook-id'], told.body]);
    await details.getByRole('region', { name: 'Answer' }).getByText('Once more.').waitFor();
    expect(await details.getByRole('cell', { name: /^20[02]$/ }).allTextContents()).toEqual(['202', '200']);
    expect(await violationsInBothSchemes(page)).toEqual([]);

    await page.goBack();
    await settled(page);
    await callback.getByRole('button', { name: /delivered.*200 · 2 attempts/ }).waitFor();
    expect(await shownSecret(page).count()).toBe(0);
    await callback.getByRole('button', { name: 'Rotate secret' }).click();
    await page.getByRole('radio', { name: 'Works for 24 hours' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
    await callback.getByText('also signed with the old secret').waitFor();
    const second = await shownSecret(page).inputValue();
    expect(await violationsInBothSchemes(page)).toEqual([]);
    await sendTest(page);
    const both = await nextCall(2);
    expect(both.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    for (const secret of [first, second]) new Webhook(secret).verify(both.body, both.headers);

    await callback.getByRole('button', { name: 'Rotate secret' }).click();
    await page.getByRole('radio', { name: 'Expires now' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
    await callback.getByText('also signed with the old secret').waitFor({ state: 'detached' });
    const third = await shownSecret(page).inputValue();
    await callback
      .getByRole('button', { name: /delivered/ })
      .first()
      .click();
    await callback.getByRole('button', { name: 'Send again' }).click();
    const last = await nextCall(3);
    new Webhook(third).verify(last.body, last.headers);
    expect(() => new Webhook(second).verify(last.body, last.headers)).toThrow();
    expect(seen).toEqual({ problems: [], otherHosts: [] });
    await context.close();
  },
  TEST_MS,
);

test(
  'a receiver that is gone stops its callback: the page says why, enables it, resends what was skipped, and removes it',
  async () => {
    answer = { status: 410, body: 'No longer here.' };
    const before = receiver.calls.length;
    const { id } = await stack.createAgent({
      name: 'Gone',
      model: 'sandbox:echo',
      callback: { url: `${receiver.url}/gone` },
    });
    const { context, page, goto, seen } = await openStudio(stack);
    await goto(`/agents/${id}`);
    const callback = callbackOf(page);
    await sendTest(page);
    await nextCall(before);
    const notice = callback.getByRole('status').filter({ hasText: 'Deliveries have stopped' });
    await notice.getByText('The receiver answered 410 Gone.').waitFor({ timeout: 20_000 });
    await callback.getByRole('button', { name: /failed.*410/ }).click();
    await callback.getByText('failed: the receiver answered 410 Gone').waitFor();
    await callback.getByRole('region', { name: 'receiver’s answer' }).getByText('No longer').waitFor();
    await sendTest(page);
    // Nothing moves while someone reads.
    await callback.getByRole('button', { name: '1 new' }).click();
    await callback.getByRole('button', { name: /skipped/ }).click();
    await callback.getByText('skipped: deliveries had stopped').waitFor();
    expect(await violationsInBothSchemes(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole('radiogroup', { name: 'Part of the page' }).getByText('Webhook').click();
    await page.getByRole('radiogroup', { name: 'Part of the webhook' }).getByText('Callback').click();
    await callback.getByRole('button', { name: 'How a receiver checks it' }).click();
    await callback.getByRole('region', { name: 'Node receiver' }).waitFor();
    await until('nothing is wider than the phone', () => page.evaluate<boolean>(FITS));
    await page.setViewportSize({ width: 1280, height: 900 });
    await callback.getByRole('button', { name: 'Send again' }).first().click();
    await page.getByText('Enable the callback first').waitFor();

    answer = { status: 204, body: '' };
    await notice.getByRole('button', { name: 'Enable again' }).click();
    await notice.waitFor({ state: 'detached' });
    await callback.getByRole('button', { name: 'Send again' }).first().click();
    const sent = await nextCall(before + 1);
    await callback.getByRole('button', { name: /delivered.*204/ }).waitFor();
    expect(sent.path).toBe('/gone');

    await callback.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await callback.getByText('You get a secret').waitFor();
    // The button that had the focus is gone.
    await until('the panel has the focus', async () => (await page.locator('section:focus').count()) === 1);
    expect(await callback.getByLabel('URL', { exact: true }).inputValue()).toBe('');
    await sendTest(page);
    const { body } = await stack.request<{ callbacks: object[] }>('GET', `/api/agents/${id}/callbacks`);
    expect([body.callbacks.length, receiver.calls.length]).toEqual([2, before + 2]);
    // The browser's own message about the one answer that was an error.
    expect(seen.problems.filter((line) => !/status of 409/.test(line))).toEqual([]);
    await context.close();
  },
  TEST_MS,
);

test(
  'a URL that must not be called is reported at the field; a viewer sees everything and can change nothing',
  async () => {
    const { id } = await stack.createAgent({
      name: 'Private',
      model: 'sandbox:echo',
      callback: { url: 'http://127.0.0.1:9/hook' },
    });
    const { body } = await stack.request<{ key: string }>('POST', '/api/keys', { name: 'V', role: 'viewer' });
    const { context, page, goto, seen } = await openStudio(stack, { key: body.key });
    await goto(`/agents/${id}`);
    const callback = callbackOf(page);
    const test = await stack.request<{ task_id: string }>('POST', `/api/agents/${id}/test`, { payload: {} });
    await callback.getByText('Enter another URL, or send again once it is allowed').waitFor();
    const url = callback.getByLabel('URL', { exact: true });
    const described = (await url.getAttribute('aria-describedby'))?.match(/\S+/g) ?? [];
    const words = await Promise.all(described.map((part) => page.locator(`[id="${part}"]`).textContent()));
    expect(words.join(' ')).toMatch(/127\.0\.0\.1 is not a public address.*EGRESS_ALLOW/);
    expect(await url.getAttribute('readonly')).not.toBeNull();
    await callback.getByRole('button', { name: /^failed/ }).click();
    for (const name of ['Rotate secret', 'Remove', 'Save', 'Send again']) {
      const button = callback.getByRole('button', { name, exact: true });
      expect([name, await button.getAttribute('aria-disabled')]).toEqual([name, 'true']);
      await button.click({ force: true });
    }
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await violationsInBothSchemes(page)).toEqual([]);
    await goto(`/runs/${test.body.task_id}`);
    await page.getByRole('button', { name: /Callback.*failed/ }).click();
    await page.getByText('failed: AgentHook may not call this address').waitFor();
    const again = page.getByRole('button', { name: 'Send again' });
    expect(await again.getAttribute('aria-disabled')).toBe('true');
    expect(seen).toEqual({ problems: [], otherHosts: [] });
    await context.close();
  },
  TEST_MS,
);
