import { expect, test } from '@jest/globals';
import { createSecretFilter } from './without-secrets.js';

test('a secret that is an ordinary word is removed only where it is a credential', () => {
  const clean = createSecretFilter(['acme', '4711']);
  expect(clean('The acme shop in 4711 acme road')).toBe('The acme shop in 4711 acme road');
  expect(clean('{"company":"acme"}')).toBe('{"company":"acme"}');
  expect(clean('Bearer acme, password: acme, api_key=4711 {"token":"acme"}')).toBe(
    'Bearer [redacted], password: [redacted], api_key=[redacted] {"token":"[redacted]"}',
  );
  expect(clean(`Basic ${Buffer.from('acme').toString('base64').replace(/=+$/, '')}`)).toBe(
    'Basic [redacted]',
  );
});

test('any other secret is removed anywhere', () => {
  const clean = createSecretFilter(['hunter2', 'correct-horse', 'a"b c']);
  expect(clean('xhunter2x correct-horse a%22b%20c a\\"b c')).toBe(
    'x[redacted]x [redacted] [redacted] [redacted]',
  );
});
