import { afterAll, beforeAll, expect } from '@jest/globals';
import { type Stack, sharedStack } from '../../index.js';
import { type HttpServer, sendJson, startHttpServer } from '../../tool-servers/http-server.js';
import { test } from '../browser-test.js';
import { violationsInBothSchemes } from './accessibility.js';
import { openStudio } from './open-studio.js';

let stack: Stack;
let outside: HttpServer;

beforeAll(async () => {
  const paths = Object.fromEntries(
    Array.from({ length: 12 }, (_, n) => [
      `/orders/${n}`,
      { get: { operationId: `get${n}`, summary: `Order ${n}` } },
    ]),
  );
  outside = await startHttpServer((_, response) =>
    sendJson(response, { openapi: '3.1.0', servers: [{ url: '/' }], paths }),
  );
  stack = await sharedStack();
});
afterAll(() => outside?.close());

test('a check lists what a tool offers, which can be chosen, and a save shows its warnings', async () => {
  const agent = await stack.createAgent({
    name: 'Orders',
    tools: [{ type: 'openapi', name: 'api', spec_url: `${outside.url}/openapi.json`, operations: ['gone'] }],
  });
  const { context, page, seen, goto } = await openStudio(stack, { viewport: { width: 1440, height: 900 } });
  await goto(`/agents/${agent.id}`);
  await page.getByRole('button', { name: /OpenAPI.*api/ }).click();
  const check = page.getByRole('region', { name: 'Check of api' });
  await check.getByRole('button', { name: 'Check tool' }).click();
  await check.getByText('has no operation "gone"').waitFor();
  await check.getByLabel('Filter what api offers').fill('order 7');
  await check.getByRole('checkbox', { name: 'get7' }).check();
  expect(await violationsInBothSchemes(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save as v2' }).click();
  const warning = page.getByRole('alert').filter({ hasText: 'Saved. One thing may not work' });
  await warning.getByText('has no operation "gone"').waitFor();
  await warning.getByRole('button', { name: 'Close the warnings' }).click();
  await warning.waitFor({ state: 'detached' });
  const saved = await stack.request('GET', `/api/agents/${agent.id}`);
  expect(saved.body).toMatchObject({ tools: [{ operations: ['gone', 'get7'] }] });
  expect(seen.problems).toEqual([]);
  await context.close();
}, 120_000);

test('the form of a tool lists what the tool offers, to pick from by keyboard', async () => {
  const agent = await stack.createAgent({
    name: 'Picked',
    tools: [{ type: 'openapi', name: 'api', spec_url: `${outside.url}/openapi.json`, operations: ['get1'] }],
  });
  const { context, page, seen, goto } = await openStudio(stack, { viewport: { width: 360, height: 740 } });
  await goto(`/agents/${agent.id}`);
  await page.getByRole('radiogroup', { name: 'Part of the page' }).getByText('Tools').click();
  await page.getByRole('button', { name: /OpenAPI.*api/ }).click();
  const field = page
    .getByRole('textbox', { name: 'Operations' })
    .or(page.getByRole('combobox', { name: 'Operations' }));
  await field.focus();
  await page.getByText('12 offered').waitFor();
  await field.fill('get7');
  await page.getByRole('option', { name: /get7.*Order 7/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  expect(await violationsInBothSchemes(page)).toEqual([]);
  await page.getByRole('button', { name: /^Save/ }).click();
  await page.getByText('Saved as v2').waitFor();
  const saved = await stack.request('GET', `/api/agents/${agent.id}`);
  expect(saved.body).toMatchObject({ tools: [{ operations: ['get1', 'get7'] }] });
  expect(seen.problems).toEqual([]);
  await context.close();
}, 120_000);
