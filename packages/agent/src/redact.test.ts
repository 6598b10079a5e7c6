import { describe, expect, test } from '@jest/globals';
import { createRedactor } from './redact.js';
import { growth } from './testing/growth.js';

const redact = createRedactor(['configured-key-1']);

describe('createRedactor', () => {
  test('a key that is an ordinary word does not mangle messages', () => {
    expect(createRedactor(['none', 'x'])('none of the next')).toBe('none of the next');
  });

  test.each([
    ['a configured key', 'bad key configured-key-1!', 'bad key [redacted]!'],
    ["OpenAI's stars", 'Incorrect key: sk-proj-**********wxyz.', 'Incorrect key: [redacted].'],
    ['a bearer token', 'got Bearer eyJhbGciOi.abc-_x', 'got Bearer [redacted]'],
    [
      'a key in a query',
      'GET https://a.example/x?key=AbC123&n=1',
      'GET https://a.example/x?key=[redacted]&n=1',
    ],
    ['credentials in a URL', 'at redis://me:pw@host:1/0', 'at redis://[redacted]@host:1/0'],
    ['a file', "ENOENT: open '/usr/lib/node/x.js:3:4'", "ENOENT: open '[path]'"],
    ['a file URL', 'in file:///srv/app/main.js', 'in [path]'],
    ['a Windows file', 'in C:\\Users\\me\\x.js now', 'in [path] now'],
    ['a stack', 'Error: no\n    at f (x.js:1:1)\n    at g (y.js:2:2)', 'Error: no'],
  ])('removes %s', (_name, text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  test.each([
    'See https://platform.example.com/account/api-keys and either/or.',
    'No route POST /v1/responses',
    'The model `org/name` does not exist at http://127.0.0.1:11434/api/tags',
    'risk-averse and task-oriented',
  ])('keeps %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  test.each<[string, (n: number) => string]>([
    ['line breaks', (n) => '\n'.repeat(n)],
    ['dots', (n) => 'a.'.repeat(n)],
    ['slashes', (n) => '/a '.repeat(n)],
    ['paths', (n) => '/-'.repeat(n)],
    ['one word', (n) => 'x'.repeat(n)],
    ["text like a URL's authority", (n) => 'Bearer '.repeat(n)],
    ['questions', (n) => '?key='.repeat(n)],
  ])('takes time linear in the length of %s', async (_name, text) => {
    expect(await growth((n) => redact(text(n)), 5_000)).toBeLessThan(16);
  });

  test('a key is removed as a whole, wherever the cut falls', () => {
    for (const before of [480, 3_990, 3_996, 4_000]) {
      const said = redact(`${'word '.repeat(before / 5)}${' '.repeat(before % 5)}configured-key-1 and more`);
      expect(said).not.toMatch(/config|key-1/);
    }
  });

  test('a credential at the end of the searched part is not shown in half', () => {
    const hidden = `?key=${'k'.repeat(3_900)}`;
    expect(redact(`a${hidden} b postgres://me:hunter2${'x'.repeat(200)}@host/db`)).toBe('a?key=[redacted] b');
  });
});
