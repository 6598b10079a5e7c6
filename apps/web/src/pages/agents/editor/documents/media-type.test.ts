import { expect, test } from '@jest/globals';
import { mediaTypeOf } from './media-type.js';

test.each([
  ['Manual.PDF', 'application/pdf'],
  ['notes.md', 'text/markdown'],
  ['README.markdown', 'text/markdown'],
  ['prices.csv', 'text/plain'],
  ['pdf', 'text/plain'],
  ['a.pdf.txt', 'text/plain'],
])('%s is sent as %s', (name, type) => {
  expect(mediaTypeOf(name)).toBe(type);
});
