import { expect, test } from '@jest/globals';
import { placeInForm, placeInPayload } from './place-words.js';

test.each([
  ['', ''],
  ['/model', 'Model'],
  ['/configuration/model', 'Model'],
  ['/tools/1/url', 'Tools, no. 2, URL'],
  ['/limits/max_attempts', 'Limits, max attempts'],
  ['/input_schema/properties/constructor/__proto__', 'Input schema, properties, constructor,   proto  '],
  ['/tools/0/headers/a~1b~0c', 'Tools, no. 1, headers, a/b~c'],
])('%s is the place %s of a form', (pointer, place) => {
  expect(placeInForm(pointer)).toBe(place);
});

test.each([
  ['', 'payload'],
  ['/customer/items/0/id', 'payload.customer.items[0].id'],
  ['/a b/~1', 'payload["a b"]["/"]'],
])('%s is %s', (pointer, place) => {
  expect(placeInPayload(pointer)).toBe(place);
});
