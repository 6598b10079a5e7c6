import { readFile, writeFile } from 'node:fs/promises';
import { type Context, createLogger } from '@agenthook/core';
import { buildApp } from './app.js';

const FILE = new URL('../../../openapi/openapi.json', import.meta.url);

/** The OpenAPI description of all routes, as text. Needs no Redis because no request is made. */
async function describe(): Promise<string> {
  const ctx = { log: createLogger('openapi', 'silent') } as Context;
  const app = await buildApp(ctx, { adminApiKey: '', defaultModel: '', publicUrl: () => '' });
  await app.ready();
  const text = `${JSON.stringify(app.swagger(), null, 2)}\n`;
  await app.close();
  return text;
}

// `--write` writes openapi/openapi.json; `--check` fails if the file differs from the routes.
const text = await describe();
if (process.argv.includes('--write')) {
  await writeFile(FILE, text);
} else if ((await readFile(FILE, 'utf8').catch(() => '')) !== text) {
  console.error('openapi/openapi.json differs from the routes. Run: npm run build && npm run openapi');
  process.exit(1);
}
