/** `npm run tour`: records half a minute of the Studio into docs/tour.webm. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { type Stack, startRedisServer, startStack } from '../../index.js';
import { sharedBrowser } from '../browser.js';
import { makeDemo } from './demo.js';
import { openStudio, settled } from './open-studio.js';
import { encodeVideo, recordScreen } from './record-screen.js';

const FILE = fileURLToPath(new URL('../../../../../docs/tour.webm', import.meta.url));
const VIEWPORT = { width: 1280, height: 800 };
/** The largest file that may be in the repository, in bytes. */
const MOST_BYTES = 3_000_000;
/** How long the viewer has to read, in ms. */
const READ_MS = 1_400;

/** Moves the pointer there as a person would, and clicks. */
async function click(page: Page, target: Locator): Promise<void> {
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  if (!box) throw new Error('the tour points at nothing');
  await page.mouse.move(box.x + Math.min(box.width / 2, 120), box.y + box.height / 2, { steps: 14 });
  await sleep(200);
  await target.click();
}

/** Waits for all data of a page, for as long as a busy machine may need. */
const ready = (page: Page) => settled(page).catch(() => settled(page));

/** What the viewer sees. */
async function tour(page: Page, stack: Stack): Promise<void> {
  const go = (name: string) =>
    click(page, page.getByRole('navigation').getByRole('link', { name, exact: true }));
  await ready(page);
  await sleep(READ_MS);
  await page.mouse.wheel(0, 700);
  await sleep(READ_MS);
  await go('Agents');
  await ready(page);
  await click(page, page.getByRole('link', { name: 'Refund desk' }).first());
  await ready(page);
  await sleep(READ_MS);
  await click(page, page.getByRole('button', { name: 'Generate the webhook' }));
  const url = await page.getByRole('textbox', { name: 'webhook URL' }).inputValue();
  await sleep(READ_MS);
  const event = {
    action: 'opened',
    ticket: { id: 4711, text: 'I was charged twice for October.' },
    sandbox: { steps: [{ text: 'Reading the ticket.', latency_ms: 700 }], reply: 'Refund one of the two.' },
  };
  await stack.trigger(url.slice(url.indexOf('whk_')), event);
  await page.getByText('The first event has arrived and runs').waitFor();
  await sleep(READ_MS);
  const offered = page.getByRole('group', { name: 'From this event' }).first();
  await click(page, offered.getByRole('button', { name: 'Filter by its kind' }));
  await sleep(READ_MS);
  await click(page, page.getByRole('button', { name: /^Save/ }));
  await page.getByText('Saved as v2').waitFor();
  await click(page, offered.getByRole('button', { name: 'Try it' }));
  const tryIt = page.getByRole('region', { name: 'Try it' });
  await click(page, tryIt.getByRole('button', { name: 'Send test' }));
  await sleep(READ_MS);
  await click(page, tryIt.getByRole('link', { name: 'Open the run' }));
  await ready(page);
  await sleep(2 * READ_MS);
  await go('Runs');
  await ready(page);
  await page
    .getByRole('textbox', { name: /Words in payload/ })
    .pressSequentially('charged twice', { delay: 40 });
  await sleep(READ_MS);
  await click(page, page.getByRole('link', { name: /^Ticket triage/ }).first());
  await ready(page);
  await sleep(READ_MS);
  await click(page, page.getByRole('button', { name: 'More actions' }));
  await click(page, page.getByRole('menuitem', { name: 'Share…' }));
  await sleep(READ_MS);
}

const browser = await sharedBrowser();
const redis = await startRedisServer({ aof: true });
let stack: Stack | undefined;
try {
  stack = await startStack({ redisUrl: redis.url });
  await makeDemo(stack);
  await stack.createAgent({
    name: 'Refund desk',
    description: 'Proposes what to do about a payment that went wrong.',
    model: 'sandbox:echo',
    system_prompt: 'You work at a refund desk. Propose one step, in one sentence.',
    input_template: '{{ payload.ticket.text }}',
  });
  const { context, page } = await openStudio(stack, { viewport: VIEWPORT });
  await page.goto('/');
  const recording = await recordScreen(context, page);
  await tour(page, stack);
  const frames = await recording.stop();
  await context.close();
  const video = await encodeVideo(browser, frames, VIEWPORT);
  if (video.length > MOST_BYTES) throw new Error(`the tour has ${video.length} bytes: ${MOST_BYTES} at most`);
  mkdirSync(new URL('.', `file://${FILE}`), { recursive: true });
  writeFileSync(FILE, video);
  console.log(`${FILE}: ${video.length} bytes, ${Math.round((frames.at(-1)?.ms ?? 0) / 1000)} s`);
} finally {
  await browser.close();
  await stack?.stop();
  await redis.stop();
}
