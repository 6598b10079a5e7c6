import { expect, test } from '@jest/globals';
import { readYaml } from './yaml.js';

test('reads aliases and merge keys, and says why a text is no YAML', () => {
  expect(readYaml('a: &a {b: 1}\nc: *a\nd: {<<: *a, e: 2}')).toEqual({
    outcome: 'parsed',
    value: { a: { b: 1 }, c: { b: 1 }, d: { b: 1, e: 2 } },
  });
  expect(readYaml('a: [1')).toMatchObject({ outcome: 'not_yaml', reason: expect.any(String) });
  expect(readYaml('['.repeat(5_000))).toMatchObject({ outcome: 'not_yaml' });
});
