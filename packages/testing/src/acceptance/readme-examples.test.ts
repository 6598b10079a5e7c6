import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

const read = (path: string) => readFile(new URL(`../../../../${path}`, import.meta.url), 'utf8');

test.each(['curl.sh', 'python.py', 'javascript.mjs'])(
  'the README shows examples/%s as it stands',
  async (file) => {
    const fences = [...(await read('README.md')).matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, body]) => body);
    expect(fences).toContain(await read(`packages/testing/examples/${file}`));
  },
);
