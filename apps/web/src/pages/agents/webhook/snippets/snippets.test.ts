import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { findPython } from '../../../../../../../scripts/lib/find.mjs';
import { curlSnippet } from './curl.js';
import { curlWaitSnippet } from './curl-wait.js';
import { javascriptSnippet } from './javascript.js';
import { pythonLiteral, pythonSnippet } from './python.js';

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

test.each([curlSnippet, curlWaitSnippet])(
  'a shell reads the payload of a curl snippet unchanged: %#',
  (write) => {
    const snippet = write("http://127.0.0.1:1/api/webhooks/agents/whk_it's", HOSTILE);
    // Replaces curl and prints what it would post.
    const program = `curl() { while [ $# -gt 0 ]; do [ "$1" = --data-raw ] && printf '%s' "$2"; shift; done; }\n${snippet}`;
    expect(JSON.parse(run('bash', ['-c', program]).trim())).toEqual(HOSTILE);
  },
);

test('without a URL, the snippets read it from the environment', () => {
  expect(curlSnippet(undefined, {})).toMatch(/^: "\$\{WEBHOOK_URL:\?/);
  expect(pythonSnippet(undefined, {})).toContain('WEBHOOK_URL = os.environ["WEBHOOK_URL"]');
  expect(javascriptSnippet(undefined, {})).toContain('WEBHOOK_URL = process.env.WEBHOOK_URL;');
});

test('Python reads a literal as the value it represents', () => {
  const python = findPython();
  if (python === undefined) return;
  const program = `import json; print(json.dumps(${pythonLiteral(HOSTILE)}))`;
  expect(JSON.parse(run(python, ['-c', program]))).toEqual(HOSTILE);
});
