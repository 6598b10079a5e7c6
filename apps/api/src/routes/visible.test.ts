import { expect, test } from '@jest/globals';
import { visible } from './visible.js';

test('what nobody sees is shown as its code, and the value stays the same', () => {
  const given = {
    to: 'a\u202eb\u200b',
    tag: '\u{e0041}',
    c1: '\u009b',
    v: 'a\ufe01\u{e0100}',
    text: 'Zo\u00eb\n\\\u202d',
  };
  const shown = visible(JSON.stringify(given, null, 2));
  expect(shown).toMatch(/^[\x20-\x7e\n\u00eb]*$/);
  expect(shown).toContain('a\\u202eb\\u200b');
  expect(JSON.parse(shown)).toEqual(given);
});

test('text that people can see stays as it is', () => {
  expect(visible('Gr\u00fc\u00dfe\n\t\u{1f44d} \u05e9\u05dc\u05d5\u05dd')).toBe(
    'Gr\u00fc\u00dfe\n\t\u{1f44d} \u05e9\u05dc\u05d5\u05dd',
  );
});
