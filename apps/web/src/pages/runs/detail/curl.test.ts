import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { curlOf } from './curl.js';

/** What a shell makes of the command: the arguments of curl, then its standard input. */
function run(command: string): { args: string[]; input: string } {
  const shim =
    'curl() { printf "%s\\0" "$@"; printf "\\1"; case "$*" in *@-) cat;; esac; }\nWEBHOOK_URL=http://hook\n';
  const out = execFileSync('sh', ['-s'], { input: shim + command, maxBuffer: 10_000_000 }).toString();
  const [args = '', input = ''] = out.split('\u0001');
  return { args: args.split('\0').slice(0, -1), input };
}

test.each([
  { text: 'it\'s $(touch /nowhere) `x` "y" \\ \n ü' },
  [1, null, "''"],
  'PAYLOAD\nPAYLOAD',
  { long: `'${'x'.repeat(200_000)}` },
])('a shell posts the original payload', (payload) => {
  const { args, input } = run(curlOf(payload, { 'x-github-event': "pu'sh", 'x-github-delivery': '1' }));
  expect(args.slice(0, 3)).toEqual(['-X', 'POST', 'http://hook']);
  expect(args).toContain("x-github-event: pu'sh");
  expect(args.join()).not.toContain('delivery');
  const body = args.at(-1) === '@-' ? input : (args.at(-1) ?? '');
  expect(JSON.parse(body)).toEqual(payload);
});

test('to the URL with its query string', () => {
  const { args } = run(curlOf({}, {}, { source: 'a b$HOME', tag: ['1', '2'] }));
  expect(args[2]).toBe('http://hook?source=a+b%24HOME&tag=1&tag=2');
});
