/**
 * `npm run docs`: writes the pages of docs/reference that are generated from the code. Run the build first.
 * With `--check`, fails if one of them differs from the code.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as contracts from '../packages/contracts/dist/index.js';
import { agentFieldsPage } from './lib/docs/agent-fields.mjs';
import { clientsPage } from './lib/docs/clients.mjs';
import { errorsPage, failureCodesPage } from './lib/docs/error-pages.mjs';
import { limitsPage } from './lib/docs/limits.mjs';
import { sendersPage } from './lib/docs/senders.mjs';

const PAGES = {
  'errors.md': errorsPage,
  'failure-codes.md': failureCodesPage,
  'agent-fields.md': agentFieldsPage,
  'limits.md': limitsPage,
  'senders.md': sendersPage,
  'clients.md': clientsPage,
};

const isCheck = process.argv.includes('--check');
for (const [name, write] of Object.entries(PAGES)) {
  const path = fileURLToPath(new URL(`../docs/reference/${name}`, import.meta.url));
  const text = await write(contracts);
  if (!isCheck) writeFileSync(path, text);
  else if (readFileSync(path, 'utf8') !== text) {
    console.error(`docs/reference/${name} is not what the code says. Run: npm run build && npm run docs`);
    process.exitCode = 1;
  }
}
