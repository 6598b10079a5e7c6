import { expect, test } from '@jest/globals';
import type { Context } from '../../context.js';
import { createSecretBox } from '../../secrets/secret-box.js';
import { isInDoubt, marksOf } from './in-doubt.js';

const marks = (accepted: number, ...secretKeys: [string, string?]) =>
  marksOf({ ctx: { secrets: createSecretBox(...secretKeys) } as Context, id: 'cb-1-d00000000', accepted });

test('the mark is the same in each attempt, and another one after a message was accepted', () => {
  expect(marks(0, 'one').write).toMatch(/^agenthook-[\w-]{27}$/);
  expect(marks(0, 'one')).toEqual(marks(0, 'one'));
  expect(marks(1, 'one').write).not.toBe(marks(0, 'one').write);
});

test('nobody without SECRET_KEY can write it, and while the key is rotated both marks are known', () => {
  const before = marks(0, 'one');
  const meanwhile = marks(0, 'two', 'one');
  expect(meanwhile.write).not.toBe(before.write);
  expect(meanwhile.known).toEqual([meanwhile.write, before.write]);
});

test('only an attempt since the last accepted one leaves a doubt', () => {
  const attempt = { at: '', duration_ms: 0, response_excerpt: '' };
  const good = { ...attempt, response_status: 200, error: null };
  const refused = { ...attempt, response_status: 422, error: 'no' };
  const unknown = { ...attempt, response_status: null, error: 'gone', outcome_unknown: true };
  const broken = { ...attempt, response_status: 502, error: 'broken' };
  expect([[], [good], [refused], [unknown, good], [broken, good, refused]].map(isInDoubt)).not.toContain(
    true,
  );
  expect([[unknown], [broken], [good, broken, refused]].map(isInDoubt)).not.toContain(false);
});
