import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Set by the image or as files, or without use in containers. */
const ELSEWHERE = new Set(['QUEUE_SHARDS', 'SECRET_KEY', 'ADMIN_API_KEY', 'PORT', 'HOST', 'REDIS_DATA_DIR']);

/** The variables of each process, as the reference lists them. */
function variables() {
  const rows = read('docs/reference/environment.md').matchAll(/^\| `([A-Z_]+)` \| ([a-z, ]+) \|/gm);
  return [...rows].flatMap(([, name, where]) =>
    ['api', 'worker']
      .filter((process) => /\bboth\b/.test(where) || where.includes(process))
      .map((at) => [at, name]),
  );
}

test('compose passes on every variable of the api and of the worker', () => {
  const file = read('docker-compose.yml');
  const blockOf = (from, to) => file.slice(file.indexOf(from), file.indexOf(to));
  const shared = blockOf('x-environment:', '\nservices:');
  const passed = {
    api: shared + blockOf('\n  api:', '\n  worker:'),
    worker: shared + blockOf('\n  worker:', '\n  archive:'),
  };
  const all = variables();
  expect(all.length).toBeGreaterThan(30);
  const missing = all.filter(([at, name]) => !ELSEWHERE.has(name) && !passed[at].includes(` ${name}:`));
  expect(missing).toEqual([]);
});
