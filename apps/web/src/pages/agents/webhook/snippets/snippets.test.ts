import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { findPython } from '../../../../../../../scripts/lib/find.mjs';
import { curlSnippet } from './curl.js';
import { curlWaitSnippet } from './curl-wait.js';
import { goSnippet } from './go.js';
import { javaSnippet } from './java.js';
import { javascriptSnippet } from './javascript.js';
import { pythonLiteral, pythonSnippet } from './python.js';
import type { Called } from './signing.js';

const HOSTILE = {
  text: `it's "quoted" \\ $(touch /nowhere) \`x\` \${HOME} \n öäü 😀 '''`,
  nothing: null,
  yes: true,
  no: false,
  list: [1, 2.5, [], {}],
  '$key\'"': 'x',
};

const run = (command: string, args: string[]) => {
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
};

const HMAC = {
  kind: 'hmac',
  algorithm: 'sha256',
  encoding: 'hex',
  key: 'text',
  content: 'v0:{timestamp}:{body}',
  time: 'unix',
  headers: { 'X-Signature': 'v0={signature}', 'X-Time': '{timestamp}' },
} as const;
const called = (more: Partial<Called>): Called => ({
  url: "http://127.0.0.1:1/api/webhooks/agents/whk_it's",
  payload: HOSTILE,
  signing: { kind: 'none' },
  headers: {},
  ...more,
});

/** Replaces curl, and prints what it would post. */
const CURL = `curl() { while [ $# -gt 0 ]; do [ "$1" = --data-raw ] && printf '%s' "$2" >&3; shift; done; exit 1; }`;

test.each([curlSnippet, curlWaitSnippet])(
  'a shell reads the payload of a curl snippet unchanged: %#',
  (write) => {
    for (const signing of [{ kind: 'none' }, HMAC] as const) {
      const script = `${CURL}\nexport WEBHOOK_SECRET=s\n(${write(called({ signing }))}\n) 3>&1 >/dev/null`;
      const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toEqual(HOSTILE);
    }
  },
);

test('a token in the query may have any characters', () => {
  const signing = { kind: 'query', parameter: 'to&ken' } as const;
  const secret = "a&b=c +%25é😀'";
  const fake = `curl() { for each; do case $each in http*) printf '%s' "$each" >&3;; esac; done; exit 1; }`;
  const program = curlSnippet(called({ url: 'http://127.0.0.1:1/api/webhooks/agents/whk_1', signing }));
  const { stdout } = spawnSync('bash', ['-c', `${fake}\n(${program}\n) 3>&1 >/dev/null`], {
    encoding: 'utf8',
    env: { ...process.env, WEBHOOK_SECRET: secret },
  });
  expect(new URL(stdout).searchParams.get('to&ken')).toBe(secret);
});

test('without a URL, the snippets read it from the environment, and the secret always', () => {
  const bare = called({ url: undefined, signing: HMAC });
  expect(curlSnippet(bare)).toMatch(/^: "\$\{WEBHOOK_URL:\?/);
  expect(pythonSnippet(bare)).toContain('WEBHOOK_URL = os.environ["WEBHOOK_URL"]');
  expect(javascriptSnippet(bare)).toContain('WEBHOOK_URL = process.env.WEBHOOK_URL;');
  expect(goSnippet(bare)).toContain('os.Getenv("WEBHOOK_URL")');
  expect(javaSnippet(bare)).toContain('System.getenv("WEBHOOK_URL")');
  for (const write of [curlSnippet, pythonSnippet, javascriptSnippet, goSnippet, javaSnippet])
    expect(write(bare)).toContain('WEBHOOK_SECRET');
});

test('Python reads a literal as the value it represents', () => {
  const python = findPython();
  if (python === undefined) return;
  const program = `import json; print(json.dumps(${pythonLiteral(HOSTILE)}))`;
  expect(JSON.parse(run(python, ['-c', program]))).toEqual(HOSTILE);
});
