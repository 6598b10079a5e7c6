/**
 * `npm run screenshots`: every page of the Studio, light and dark, desktop and phone, into docs/screenshots.
 * Arguments select pages by name.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Stack, startRedisServer, startStack } from '../../index.js';
import { sharedBrowser } from '../browser.js';
import { type Demo, makeDemo } from './demo.js';
import { openStudio } from './open-studio.js';
import { PAGES, type StudioPage } from './pages.js';

const FOLDER = fileURLToPath(new URL('../../../../../docs/screenshots', import.meta.url));
const DEVICES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

async function take(stack: Stack, demo: Demo, { name, path, anonymous }: StudioPage) {
  for (const scheme of ['light', 'dark'] as const) {
    for (const [device, viewport] of Object.entries(DEVICES)) {
      const { context, page, goto } = await openStudio(stack, {
        scheme,
        viewport,
        ...(anonymous ? { key: null } : {}),
      });
      await goto(path(demo));
      await page.screenshot({
        path: join(FOLDER, `${name}-${scheme}-${device}.png`),
        animations: 'disabled',
      });
      await context.close();
    }
  }
}

const chosen = process.argv.slice(2);
const pages = PAGES.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
const browser = await sharedBrowser();
const redis = await startRedisServer({ aof: true });
let stack: Stack | undefined;
try {
  stack = await startStack({ redisUrl: redis.url });
  const demo = await makeDemo(stack);
  mkdirSync(FOLDER, { recursive: true });
  for (const each of pages) {
    await take(stack, demo, each);
    console.log(each.name);
  }
} finally {
  await browser.close();
  await stack?.stop();
  await redis.stop();
}
