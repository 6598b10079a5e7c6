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

test('accepts lists, objects and quoted texts that are indented too little', () => {
  // As in the description of Docker's API.
  const text = [
    'example: {',
    '  "80/tcp": {}',
    '}',
    'list: [',
    'a,',
    '\tb',
    ']',
    'deep:',
    '  text: "one',
    ' two"',
    '  code: |-',
    '    { x }',
  ];
  expect(readYaml(text.join('\n'))).toEqual({
    outcome: 'parsed',
    value: { example: { '80/tcp': {} }, list: ['a', 'b'], deep: { text: 'one two', code: '{ x }' } },
  });
  expect(readYaml('a:\n  b: {\n  c: 1\n').outcome).toBe('not_yaml');
});
