import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

const read = (path: string) => readFile(new URL(`../../../../${path}`, import.meta.url), 'utf8');

const GUIDE = 'docs/guides/results/callbacks.md';

test.each([
  ['README.md', 'curl.sh'],
  ['README.md', 'python.py'],
  ['README.md', 'javascript.mjs'],
  [GUIDE, 'callbacks/receiver.mjs'],
  [GUIDE, 'callbacks/receiver-plain.mjs'],
  [GUIDE, 'callbacks/receiver.py'],
  [GUIDE, 'callbacks/receiver.go'],
])('%s shows examples/%s unchanged', async (page, file) => {
  const fences = [...(await read(page)).matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, body]) => body);
  expect(fences).toContain(await read(`packages/testing/examples/${file}`));
});
