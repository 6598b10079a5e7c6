import { afterAll, beforeAll, expect } from '@jest/globals';
import { type RedisServer, type Stack, startRedisServer, startStack } from '../../index.js';
import { test } from '../browser-test.js';
import { violationsInBothSchemes } from './accessibility.js';
import { forgetMoves, movesOf, recordMoves } from './moves.js';
import { openStudio } from './open-studio.js';

let redis: RedisServer;
let stack: Stack;

beforeAll(async () => {
  redis = await startRedisServer({ options: { 'maxmemory-policy': 'allkeys-lru' } });
  stack = await startStack({ redisUrl: redis.url });
});

afterAll(async () => {
  await stack?.stop();
  await redis?.stop('SIGKILL');
});

test('counts appear as runs end, without a reload, in the time range of the URL', async () => {
  const { context, page, seen, goto } = await openStudio(stack);
  await goto('/?range=nonsense');
  expect(page.url()).toBe(`${stack.url}/`);
  await page.getByText('No runs in this time').waitFor();

  const agent = await stack.createAgent({ name: 'Counted', model: 'sandbox:echo' });
  const { token } = await stack.mintWebhook(agent.id);
  const run = async (sandbox: unknown) => stack.poll((await stack.trigger(token, { sandbox })).body.task_id);
  await run({ reply: 'done', steps: [{ text: 'thinking', tokens: 700 }] });
  await run({ steps: [{ fail: 'refused' }] });

  await page.getByText('1 succeeded, 1 failed, 0 rejected').waitFor();
  await page.getByText('50%', { exact: true }).first().waitFor();
  await page.getByRole('figure', { name: 'Duration of runs, by hour' }).waitFor();
  await page.getByText('7 days').click();
  await page.waitForURL('**/?range=7d');
  await page.getByText('1 succeeded, 1 failed, 0 rejected').waitFor();
  await page.reload();
  await page.getByRole('radio', { name: '7 days', checked: true }).waitFor({ state: 'attached' });
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await context.close();
});

test('counts by agent, sender, model and code lead to the runs and the events behind them', async () => {
  const agent = await stack.createAgent({ name: 'Compared', model: 'sandbox:echo' });
  const { token } = await stack.mintWebhook(agent.id);
  const run = async (sandbox: unknown) => stack.poll((await stack.trigger(token, { sandbox })).body.task_id);
  await run({ reply: 'done' });
  await run({ steps: [{ fail: 'auth' }] });
  await stack.trigger(token, '{');
  const { context, page, seen, goto } = await openStudio(stack);
  await goto('/?range=24h');
  const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name}`) });
  await row('Compared 2 1 1').waitFor();
  await page.getByText('Models', { exact: true }).click();
  await row('sandbox:echo').waitFor();
  await page.getByText('Error codes', { exact: true }).click();
  await page.waitForURL('**by=error_code**');
  await row('invalid_json').getByRole('link', { name: '1' }).click();
  await page.getByRole('heading', { name: 'Filtered and refused events' }).waitFor();
  expect(new URL(page.url()).searchParams.get('code')).toBe('invalid_json');
  await page.getByText('Compared').first().waitFor();
  await page.goBack();
  await row('model_auth').getByRole('link', { name: 'model_auth' }).click();
  await page.waitForURL('**/runs?**error=model_auth**');
  expect(new URL(page.url()).searchParams.get('from')).not.toBeNull();
  await page.getByText('1 run', { exact: true }).first().waitFor();

  // The same for one agent, beside the runs of others.
  const other = await stack.createAgent({ name: 'Not compared', model: 'sandbox:echo' });
  const { token: otherToken } = await stack.mintWebhook(other.id);
  await stack.poll((await stack.trigger(otherToken, {})).body.task_id);
  await goto('/?range=24h');
  await page.getByRole('combobox', { name: 'Agent' }).fill('Compared');
  await page.getByRole('option', { name: 'Compared', exact: true }).click();
  await page.waitForURL(`**agent=${agent.id}**`);
  await page.getByText('1 succeeded, 1 failed, 1 rejected').waitFor();
  await row('sandbox:echo 2 1').waitFor();
  await page.getByText('Senders', { exact: true }).click();
  await row('no known sender 2 1 1').getByRole('link', { name: '2', exact: true }).click();
  await page.waitForURL(`**/runs?**agent=${agent.id}**`);
  await page.getByText('2 runs', { exact: true }).first().waitFor();
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await context.close();
});

test('it shows what needs attention, what keeps tasks from running, and that Redis is down', async () => {
  const { context, page, goto } = await openStudio(stack);
  const viewport = { width: 360, height: 740 };
  const phone = await openStudio(stack, { viewport });
  const widePhone = await openStudio(stack, { viewport });
  await recordMoves(context);
  await recordMoves(phone.context, '-0.04em');
  await recordMoves(widePhone.context, '0.05em');
  const pages = [page, phone.page, widePhone.page];
  await Promise.all([goto('/'), phone.goto('/'), widePhone.goto('/')]);
  await page.getByText('No model provider is configured').waitFor();
  const alert = page.getByRole('alert');
  await alert.getByText('Works, but needs attention').waitFor();
  await alert.getByText('maxmemory-policy is allkeys-lru').waitFor();
  await alert.getByText('append-only').waitFor();

  // A warning that appears while the page is open moves nothing on it.
  await widePhone.page.getByText('Works, but needs attention').waitFor();
  for (const each of pages) await forgetMoves(each);
  redis.pause();
  for (const { page } of [phone, widePhone])
    await page.getByRole('button', { name: 'Redis does not answer' }).waitFor();
  await page.getByText('What you see may be out of date').waitFor();
  redis.resume();
  await page.getByText('What you see may be out of date').waitFor({ state: 'detached' });

  await stack.workers[0]?.stop();
  await alert.getByText('Tasks do not run').waitFor();
  await alert.getByText('No worker is alive').waitFor();
  await widePhone.page.getByRole('button', { name: 'Tasks do not run' }).waitFor();
  await phone.page.getByRole('button', { name: 'Tasks do not run' }).click();
  await phone.page.getByRole('dialog').getByText('No worker is alive').waitFor();
  expect(await violationsInBothSchemes(page)).toEqual([]);
  expect(await Promise.all(pages.map(movesOf))).toEqual([[], [], []]);
  await widePhone.context.close();
  await phone.context.close();
  await context.close();
}, 150_000);
