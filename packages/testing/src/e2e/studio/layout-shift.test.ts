import { afterAll, beforeAll, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Stack, sharedStack, until } from '../../index.js';
import { type HttpServer, sendJson, startHttpServer } from '../../tool-servers/http-server.js';
import { test } from '../browser-test.js';
import { forgetMoves, movesOf, recordMoves } from './moves.js';
import { openStudio, settled } from './open-studio.js';

/* Nothing on the screen moves while data arrives. The rules, and what `record-shifts.js` ignores for them:
    - Live data has a reserved place: a fact its cell, a list its rows, a sent test its answer.
    - A new row appears at the top of a list sorted by newest, and the others move down by one, but never
    under a pointer: then it is counted, and appears once the pointer has left.
    - What grows, grows at its end, and a status line keeps its place above it. */
/** Each with letters of another width, as in other fonts. */
const WINDOWS = [
  ['a desktop', { width: 1280, height: 900 }, '-0.04em'],
  ['a phone', { width: 360, height: 740 }, '0.05em'],
] as const;
/** Counts are refreshed every 10 s, on a machine that may be busy. */
const ARRIVAL_MS = 60_000;
const TEST_MS = 150_000;

let stack: Stack;
let receiver: HttpServer;

beforeAll(async () => {
  receiver = await startHttpServer((_call, response) => sendJson(response, {}));
  stack = await sharedStack();
});

afterAll(async () => {
  await receiver?.close();
});

/** An agent with a callback, with runs and rejections, so that something could move. */
async function makeAgent() {
  const { id } = await stack.createAgent({
    name: 'Ticket triage',
    description: 'Labels each new ticket.',
    model: 'sandbox:echo',
    tools: [{ type: 'memory', name: 'notes' }],
    sandbox_tools: true,
    callback: { url: receiver.url },
    input_schema: { type: 'object', required: ['text'] },
  });
  const { token } = await stack.mintWebhook(id);
  const trigger = async (sandbox: object) =>
    (await stack.trigger(token, { text: 'Charged twice.', sandbox })).body.task_id;
  const refuse = () => stack.trigger(token, { text_is: 'missing' });
  await refuse();
  await stack.poll(await trigger({ reply: 'billing' }));
  return { id, trigger, refuse };
}

/** Counts of the last 24 hours, of one agent or all, as the pages show them. */
async function countsOf(agentId?: string) {
  const { body } = await stack.request<{ totals: Record<'triggered' | 'rejected' | 'failed', number> }>(
    'GET',
    agentId === undefined ? '/api/stats' : `/api/stats?agent_id=${agentId}`,
  );
  return body.totals;
}

/** Whether part of a page shows a text. */
const says = async (page: Page, text: string | RegExp) => (await page.getByText(text).count()) > 0;

test.each(WINDOWS)(
  'nothing moves on the screen of %s while tasks arrive, run and end',
  async (_name, viewport, letterSpacing) => {
    const { id, trigger, refuse } = await makeAgent();
    const { context } = await openStudio(stack, { viewport });
    await recordMoves(context, letterSpacing);
    const open = async (path: string) => {
      const page = await context.newPage();
      await page.goto(path);
      await settled(page);
      return page;
    };
    /** A part of the agent's page, at the top of the window. */
    const openPart = async (heading: string) => {
      const page = await open(`/agents/${id}`);
      const tabs = (of: string) => page.getByRole('radiogroup', { name: `Part of the ${of}` });
      if (await tabs('page').isVisible()) {
        await tabs('page').getByText('Webhook').click();
        await tabs('webhook').getByText(heading).click();
      }
      const title = page.getByRole('heading', { name: heading, exact: true });
      await title.evaluate((element: { scrollIntoView(): void }) => element.scrollIntoView());
      return page;
    };

    const pages = {
      overview: await open('/'),
      agents: await open('/agents?q=triage'),
      runs: await open(`/runs?agent=${id}`),
      webhook: await openPart('Webhook'),
      activity: await openPart('Activity'),
      callback: await openPart('Callback'),
      editor: await open(`/agents/${id}`),
    };
    await pages.editor.getByLabel('Description', { exact: true }).fill('Mine.');
    /** Waits until every page shows this many tasks and rejections of the agent. */
    const shows = async (triggered: number, rejected: number) => {
      const { overview, agents, runs, webhook, activity, callback } = pages;
      const all = (await countsOf()).triggered;
      await until(
        `${triggered} tasks are on every page`,
        async () =>
          (await says(overview, `${all}`)) &&
          (await agents.getByRole('img', { name: `${triggered} in all` }).count()) > 0 &&
          (await runs.locator('tbody tr').count()) === triggered &&
          (await says(webhook, `${triggered} ${triggered === 1 ? 'run' : 'runs'} in 24 h`)) &&
          (await activity.getByRole('button', { name: 'invalid_payload' }).count()) === rejected &&
          (await callback.getByRole('button', { name: 'delivered' }).count()) === triggered,
        { timeoutMs: ARRIVAL_MS, everyMs: 200 },
      );
    };
    await shows(1, 1);
    const slow = await trigger({
      steps: [
        { latency_ms: 5_000, tool: { name: 'notes_recall', arguments: { query: 'x' } } },
        { latency_ms: 1_500, tool: { name: 'notes_save', arguments: { key: 'k', text: 't' } }, tokens: 700 },
        { latency_ms: 500, text: 'Now I know.' },
      ],
      reply: 'billing\n'.repeat(40),
    });
    const run = await open(`/runs/${slow}`);
    await run.getByText('The model is working').waitFor();
    const all = Object.entries({ ...pages, run });
    for (const [, page] of all) await forgetMoves(page);

    await refuse();
    await trigger({ steps: [{ fail: 'refused' }] });
    await stack.request('PATCH', `/api/agents/${id}`, { description: 'Theirs.' });
    await pages.editor.evaluate('window.dispatchEvent(new Event("visibilitychange"))');
    await pages.editor.getByRole('button', { name: 'v2 by ADMIN_API_KEY changed this too' }).waitFor();
    await shows(3, 2);
    await run.getByRole('button', { name: 'Callback delivered' }).waitFor();
    const moved = await Promise.all(all.map(async ([name, page]) => [name, await movesOf(page)]));
    expect(Object.fromEntries(moved)).toEqual(Object.fromEntries(all.map(([name]) => [name, []])));

    // A real move is recorded, once scroll anchoring, which would hide it, is off.
    for (const [name, page] of all) {
      await page.evaluate(
        'document.documentElement.style.overflowAnchor = "none"; document.querySelector("main").style.paddingTop = "200px"',
      );
      await until(`a move of ${name} is recorded`, async () => (await movesOf(page)).length > 0);
    }
    await context.close();
  },
  TEST_MS,
);

test('a new run waits until the pointer has left the list, or until the user asks for it', async () => {
  const { id, trigger } = await makeAgent();
  const { context, page, goto } = await openStudio(stack);
  await recordMoves(context);
  await goto(`/runs?agent=${id}`);
  const rows = page.locator('tbody tr');
  await rows.first().hover();
  await forgetMoves(page);
  await trigger({ reply: 'billing' });
  const pill = page.getByRole('button', { name: '1 new run' });
  await pill.waitFor();
  expect({ rows: await rows.count(), moves: await movesOf(page) }).toEqual({ rows: 1, moves: [] });
  await pill.click();
  await until('it has appeared', async () => (await rows.count()) === 2);
  await trigger({ reply: 'billing' });
  await pill.waitFor();
  expect(await rows.count()).toBe(2);
  await page.getByRole('heading', { name: 'Runs' }).hover();
  await until('the next one has appeared', async () => (await rows.count()) === 3);
  await context.close();
});
