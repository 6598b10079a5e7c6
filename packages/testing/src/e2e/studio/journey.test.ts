import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { type Stack, sharedStack, until } from '../../index.js';
import { test } from '../browser-test.js';
import { seriousViolations, violationsInBothSchemes } from './accessibility.js';
import { openStudio, settled } from './open-studio.js';

const run = promisify(execFile);
/** Each is a long path through the browser, on a machine that may be busy. */
const TEST_MS = 150_000;

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});

const panel = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });

/** Posts to a URL and returns the status. */
const post = async (url: string) =>
  (await stack.trigger(url, { id: 1, subject: 'Still there?', body: 'Hello?' })).status;

test(
  'a person signs in, creates an agent from a template, generates its webhook, pastes its curl into a shell, watches the run, opens it, and rotates the URL',
  async () => {
    const { context, page, seen } = await openStudio(stack, { key: null });
    await page.goto('/agents');
    await page.getByLabel('API key').fill(stack.adminKey);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Choose a template' }).click();
    await page.getByRole('link', { name: 'Ticket triage' }).click();
    await page.getByLabel('tell_team: url').fill('https://hooks.slack.invalid/services/T0/B0/x');
    await page.getByRole('button', { name: 'Create agent' }).click();
    await page.waitForURL('**/agents/agt_*');
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    await settled(page);

    const webhook = panel(page, 'Webhook');
    await webhook.getByRole('button', { name: 'Generate the webhook' }).click();
    const field = webhook.getByLabel('webhook URL', { exact: true });
    const first = await field.inputValue();
    // With the address at which the Studio was opened, because PUBLIC_URL is not set.
    expect(first).toMatch(new RegExp(`^${stack.url}/api/webhooks/agents/whk_[\\w-]+$`));
    await webhook.getByText('you will not see it again').waitFor();

    const snippet = (await webhook.getByRole('region', { name: 'curl snippet' }).textContent()) ?? '';
    const { stdout } = await run('bash', ['-c', snippet]);
    const taskId = /"task_id":"([^"]+)"/.exec(stdout)?.[1] ?? '';
    expect(stdout).toContain('SUCCESS');
    expect(stdout).toContain('no model was called');

    const runs = panel(page, 'Activity').getByRole('region', { name: 'Recent runs' });
    const row = runs.getByRole('link', { name: taskId.slice(0, 8) });
    await row.waitFor();
    await runs.getByText('SUCCESS').waitFor();

    await row.click();
    await page.waitForURL(`**/runs/${taskId}**`);
    await page.getByText('no model was called').first().waitFor();
    await page.goBack();
    await settled(page);
    await webhook.getByText(/agents\/••••••/).waitFor();
    expect(await field.count()).toBe(0);
    await webhook.getByText(/last used/).waitFor();

    await webhook.getByRole('button', { name: 'Rotate' }).click();
    await page.getByRole('radio', { name: 'Works for 24 hours' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
    await webhook.getByText(/The old URL still works/).waitFor();
    const second = await field.inputValue();
    expect([await post(first), await post(second)]).toEqual([200, 200]);
    expect(await webhook.getByRole('region', { name: 'curl snippet' }).textContent()).toContain(second);

    await webhook.getByRole('button', { name: 'Revoke it now' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke it now' }).click();
    await webhook.getByText(/The old URL still works/).waitFor({ state: 'detached' });
    expect([await post(first), await post(second)]).toEqual([404, 200]);

    await webhook.getByRole('button', { name: 'Rotate' }).click();
    await page.getByRole('radio', { name: 'Expires now' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
    await until('the third URL is shown', async () => (await field.inputValue()) !== second);
    const third = await field.inputValue();
    expect([await post(second), await post(third)]).toEqual([404, 200]);

    // The page offers no overlap that a test can wait for, so this uses the API.
    const { webhook_url: fourth } = await stack.mintWebhook(id, { overlap_seconds: 2 });
    expect(await post(third)).toBe(200);
    await until('the overlap ends', async () => (await post(third)) === 404);
    expect(await post(fourth)).toBe(200);

    await webhook.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await webhook.getByText('No webhook yet').waitFor();
    expect(await post(fourth)).toBe(404);

    // The browser's own message about the missing session.
    expect(seen.problems.filter((line) => !/status of 401/.test(line))).toEqual([]);
    expect(seen.otherHosts).toEqual([]);
    await context.close();
  },
  TEST_MS,
);

test(
  'a test is sent signed, unsigned and tampered; a rejected request is accepted and run',
  async () => {
    const { id } = await stack.createAgent({ name: 'Issue triage', model: 'sandbox:echo' });
    const { token } = await stack.mintWebhook(id);
    const { context, page, goto, seen } = await openStudio(stack);
    await goto(`/agents/${id}`);

    const verified = panel(page, 'Verified by');
    await verified.getByLabel('Who signs').click();
    await page.getByRole('option', { name: 'GitHub' }).click();
    await verified.getByText('Settings → Webhooks → Add webhook', { exact: false }).waitFor();
    await verified.getByRole('button', { name: 'Generate' }).click();
    const secret = await verified.getByLabel('signature secret', { exact: true }).inputValue();
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    await verified.getByRole('button', { name: 'Check signatures' }).click();
    await page.getByText('Verified by GitHub').waitFor();
    expect((await stack.trigger(token, { action: 'opened' })).status).toBe(401);

    const tryIt = panel(page, 'Try it');
    await tryIt.getByRole('textbox', { name: 'Headers' }).fill('x-github-event: issues');
    const answer = tryIt.getByRole('region', { name: 'Answer' });
    const live = tryIt.getByRole('region', { name: 'Live run' });
    const mode = (name: string) => tryIt.getByText(name, { exact: true });

    await mode('signed').click();
    await tryIt.getByRole('textbox', { name: 'Headers' }).press('Control+Enter');
    await answer.getByText('is what a sender gets').waitFor();
    await live.getByRole('status').getByText('SUCCESS').waitFor();
    await live.getByText('step 1').waitFor();
    await live
      .getByRole('region', { name: 'agent’s answer' })
      .getByText('printer', { exact: false })
      .waitFor();
    // With the keyboard, which works even while a slow machine is still drawing.
    await answer.getByRole('button', { name: 'What was sent' }).press('Enter');
    await answer.getByText(/x-hub-signature-256: sha256=/).waitFor();

    for (const name of ['unsigned', 'tampered']) {
      await mode(name).click();
      await tryIt.getByRole('button', { name: 'Send test' }).click();
      await answer
        .getByText(/invalid_signature/)
        .first()
        .waitFor();
      await live.waitFor({ state: 'detached' });
      await mode('direct').click();
      await tryIt.getByRole('button', { name: 'Send test' }).click();
      await live.getByRole('status').getByText('SUCCESS').waitFor();
    }

    const rejected = panel(page, 'Activity').getByRole('region', {
      name: 'Rejections',
      exact: true,
    });
    await rejected.getByRole('button', { name: /invalid_signature/ }).click();
    await rejected.getByRole('region', { name: 'body' }).getByText('opened', { exact: false }).waitFor();
    expect(await violationsInBothSchemes(page)).toEqual([]);
    await rejected.getByRole('button', { name: 'Accept and run' }).click();
    await rejected.getByText('The request was accepted later.').waitFor();
    const { body } = await stack.request<{ tasks: { trigger: string }[] }>(
      'GET',
      `/api/tasks?agent_id=${id}&limit=1`,
    );
    expect(body.tasks[0]?.trigger).toBe('rejection');

    expect(seen).toEqual({ problems: [], otherHosts: [] });
    await context.close();
  },
  TEST_MS,
);

test(
  'a viewer who may not see payloads sees the activity without content, and can change nothing',
  async () => {
    const { id } = await stack.createAgent({
      name: 'Watched',
      model: 'sandbox:echo',
      signature: { scheme: 'github', secret: 'a secret of GitHub' },
    });
    const { token } = await stack.mintWebhook(id);
    await stack.trigger(token, { hidden: 'from viewers' });
    const { body } = await stack.request<{ key: string }>('POST', '/api/keys', {
      name: 'V',
      role: 'viewer',
      see_payloads: false,
    });
    const { context, page, goto } = await openStudio(stack, { key: body.key, scheme: 'dark' });
    await goto(`/agents/${id}`);
    for (const name of ['Rotate', 'Revoke', 'Send test', 'Clear all']) {
      const button = page.getByRole('button', { name, exact: true });
      expect(await button.getAttribute('aria-disabled')).toBe('true');
    }
    await page.getByRole('button', { name: 'Secret and setup' }).click();
    const secret = page.getByLabel('Secret', { exact: true });
    expect(await secret.getAttribute('readonly')).not.toBeNull();
    await panel(page, 'Verified by').getByText('This needs the role admin').first().waitFor();
    await page.getByRole('button', { name: /invalid_signature/ }).click();
    await panel(page, 'Activity')
      .getByText(/may not see the request/)
      .waitFor();
    expect(await page.getByRole('main').textContent()).not.toContain('from viewers');
    expect(await seriousViolations(page)).toEqual([]);
    await context.close();
  },
  TEST_MS,
);
