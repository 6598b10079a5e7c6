import type { DeliveryAttempt } from '@agenthook/contracts';
import { expect, test } from '@jest/globals';
import type { Context } from '../../context.js';
import { createSecretBox } from '../../secrets/secret-box.js';
import { LOST } from '../lost-attempt.js';
import { doubtOf, isInDoubt, marksOf } from './in-doubt.js';
import { CannotTell } from './sent.js';

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

test('a message is looked for around the last attempt that sent one, whatever was asked since', () => {
  const at = (minute: number) => new Date(minute * 60_000).toISOString();
  const attempt = { duration_ms: 0, response_excerpt: '', response_status: null, outcome_unknown: true };
  const sent = (minute: number) => ({ ...attempt, at: at(minute), error: 'broken', duration_ms: 15_000 });
  const asked = (minute: number) => ({ ...attempt, at: at(minute), error: new CannotTell('Busy.').message });
  const windowOf = (...attempts: DeliveryAttempt[]) => {
    const { fromMs, toMs } = doubtOf({ attempts, createdMs: 0 });
    return [fromMs / 60_000, toMs / 60_000];
  };
  expect(windowOf(sent(20))).toEqual([10, 30 + 25 / 60]);
  expect(windowOf(sent(20), asked(50), asked(90))).toEqual(windowOf(sent(20)));
  expect(windowOf(sent(20), asked(50), sent(90))).toEqual(windowOf(sent(90)));
  // The worker of a lost attempt may have died while it asked about the one before.
  const lost = (minute: number) => ({ ...attempt, at: at(minute), error: LOST });
  expect(windowOf(sent(20), lost(90))).toEqual([10, 100 + 10 / 60]);
  expect(windowOf(sent(20), lost(50), sent(90), lost(120))[0]).toBe(80);
  expect(windowOf(lost(20), lost(90))[0]).toBe(-10);
  // If the log no longer has it, everything since the delivery is looked through.
  expect(windowOf(asked(50))[0]).toBe(-10);
});
