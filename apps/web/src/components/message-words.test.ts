import { expect, test } from '@jest/globals';
import { messageInWords } from './message-words.js';

test.each([
  ['must NOT have fewer than 1 characters', 'Must not be empty.'],
  ['must NOT have more than 200 characters', 'May have at most 200 characters.'],
  ['must be >= 1', 'Must be 1 or more.'],
  ['must match pattern "^https?://"', 'Must begin with http:// or https://.'],
  ['must match pattern "^x$"', 'Has a form that is not accepted here.'],
  ["must have required property 'name'", 'name is missing.'],
  ['is the name of an earlier tool', 'is the name of an earlier tool'],
])('%s', (message, words) => {
  expect(messageInWords(message)).toBe(words);
});
