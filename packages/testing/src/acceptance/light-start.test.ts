import { afterEach, expect, test } from '@jest/globals';
import { type Stack, startStack, until } from '../index.js';

let stack: Stack;
afterEach(() => stack.stop());

/** Loaded into the api: writes what it has loaded, once it is asked with SIGUSR2. */
const PROBE = `
  import module from 'node:module';
  process.on('SIGUSR2', () => {
    const packages = Object.keys(module._cache).map((path) => path.split('node_modules/').at(-1).split('/')[0]);
    const builtin = process.moduleLoadList.filter((name) => name.includes('undici'));
    const marks = Object.getOwnPropertySymbols(globalThis).map(String).filter((name) => name.includes('undici'));
    console.error('LOADED ' + JSON.stringify({ packages: [...new Set(packages)], undici: [...builtin, ...marks] }));
  });
`;

interface Loaded {
  /** The packages of node_modules that were loaded from files of their own. */
  packages: string[];
  /** What the two copies of undici leave behind: Node's, and the package. */
  undici: string[];
}

/** What an api has loaded until now. */
async function loadedBy({ apis: [api] }: Stack): Promise<Loaded> {
  const told = () => [...(api?.log().matchAll(/^LOADED (.*)$/gm) ?? [])];
  const { length } = told();
  api?.signal('SIGUSR2');
  await until('the api has told', () => told().length > length);
  return JSON.parse(told().at(-1)?.[1] ?? '') as Loaded;
}

test('an api starts without undici, YAML and glob, serves its documentation, and loads YAML when it is asked for', async () => {
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(PROBE)}`;
  stack = await startStack({ workers: 0, env: { NODE_OPTIONS } });
  const get = async (path: string) => {
    const answer = await fetch(`${stack.url}${path}`);
    return { status: answer.status, text: await answer.text() };
  };
  const { packages, undici } = await loadedBy(stack);
  expect(packages).toContain('pino');
  expect(packages.filter((name) => ['yaml', 'glob', '@fastify', 'undici'].includes(name))).toEqual([]);
  expect(undici).toEqual([]);

  expect(await get('/docs/')).toMatchObject({ status: 200, text: expect.stringContaining('swagger-ui') });
  expect(await get('/docs/static/swagger-ui.css')).toMatchObject({ status: 200 });
  expect(await get('/docs/static/logo.svg')).toMatchObject({ status: 200 });
  expect((await loadedBy(stack)).packages).not.toContain('yaml');
  expect(await get('/docs/yaml')).toMatchObject({
    status: 200,
    text: expect.stringContaining('openapi: 3.1.0'),
  });
  expect((await loadedBy(stack)).packages).toContain('yaml');
});
