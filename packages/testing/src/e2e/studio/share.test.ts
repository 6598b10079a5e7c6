import { beforeAll, expect } from '@jest/globals';
import { type Stack, sharedStack } from '../../index.js';
import { test } from '../browser-test.js';
import { seriousViolations, violationsInBothSchemes } from './accessibility.js';
import { openStudio } from './open-studio.js';

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});

const GONE = 'Failed to load resource: the server responded with a status of 404 (Not Found)';

test('a link shows as much of a run as was chosen, without a key, until it is revoked', async () => {
  const agent = await stack.createAgent({ name: 'Answerer', model: 'sandbox:echo' });
  const { token } = await stack.mintWebhook(agent.id);
  const payload = { secret: 'only in the payload', sandbox: { reply: 'only in the answer' } };
  const { task_id } = (await stack.trigger(token, payload)).body;
  await stack.poll(task_id);

  const { context, page, seen, goto } = await openStudio(stack);
  await goto(`/runs/${task_id}`);
  const make = async (label: string) => {
    await page.getByRole('radio', { name: label }).check();
    await page.getByRole('button', { name: 'Make a link' }).click();
    const field = page.getByRole('textbox', { name: 'link to the run' });
    await page.getByText(`sees ${label.toLowerCase()}, without signing in`).waitFor();
    return await field.inputValue();
  };
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Share…' }).click();
  const answer = await make('The answer');
  const all = await make('Everything');
  const status = await make('The status');
  expect(await seriousViolations(page)).toEqual([]);

  const guest = await openStudio(stack, { key: null, viewport: { width: 360, height: 740 } });
  await guest.goto(answer);
  await guest.page.getByRole('heading', { name: 'Answerer' }).waitFor();
  await guest.page.getByText('only in the answer').first().waitFor();
  expect(await guest.page.getByText('only in the payload').count()).toBe(0);
  expect(await violationsInBothSchemes(guest.page)).toEqual([]);
  expect(await guest.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  expect(await guest.page.locator('meta[name=robots]').getAttribute('content')).toBe('noindex');
  // Another fragment alone loads no page.
  await guest.page.goto('about:blank');
  await guest.goto(all);
  await guest.page.getByText('only in the payload').first().waitFor();
  await guest.goto('/sign-in');
  await guest.goto(status);
  await guest.page.getByText('SUCCESS').waitFor();
  expect(await guest.page.getByText('only in the answer').count()).toBe(0);
  expect(guest.seen).toEqual({ problems: [], otherHosts: [] });

  await page.getByRole('button', { name: 'Revoke the link to the answer' }).click();
  await page.getByRole('button', { name: 'Revoke the link to the answer' }).waitFor({ state: 'detached' });
  await guest.goto('/sign-in');
  await guest.goto(answer);
  await guest.page.getByRole('heading', { name: 'This link shows nothing' }).waitFor();
  expect(new Set(guest.seen.problems)).toEqual(new Set([GONE]));
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  const audit = await stack.request<{ entries: { action: string; details: object }[] }>('GET', '/api/audit');
  const actions = audit.body.entries.map(({ action, details }) => ({ action, details }));
  expect(actions).toContainEqual({ action: 'shareTask', details: { shows: 'full' } });
  expect(actions.map(({ action }) => action)).toContain('revokeShare');
  await Promise.all([context.close(), guest.context.close()]);
});
