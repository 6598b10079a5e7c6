import { expect, test } from '@jest/globals';
import type { Trace } from './trace.js';
import { waterfallRows } from './waterfall-rows.js';

const START = Date.parse('2026-11-22T12:00:00Z');
const at = (ms: number) => new Date(START + ms).toISOString();
const step = (ms: number, latency_ms: number, attempt: number, tool_calls: object[] = []) => ({
  at: at(ms),
  latency_ms,
  attempt,
  model: 'm:m',
  tool_calls,
});
const call = (name: string, ms: number | null, duration_ms: number, more: object = {}) => ({
  name,
  started_at: ms === null ? null : at(ms),
  finished: ms !== null,
  duration_ms,
  error: null,
  ...more,
});
const traceOf = (fields: object) =>
  ({
    status: 'SUCCESS',
    created_at: at(0),
    started_at: at(100),
    finished_at: at(10_000),
    steps: [],
    failed_attempts: [],
    waiting_for: null,
    next_attempt_at: null,
    ...fields,
  }) as unknown as Trace;
const shown = (trace: Trace, now = 0) =>
  waterfallRows(trace, START + now).map(({ kind, label, from, to }) => [
    kind,
    label,
    from - START,
    to - START,
  ]);

test('turns and parallel calls have their own bars', () => {
  const trace = traceOf({
    finished_at: at(3_010),
    steps: [step(1_100, 1_000, 1, [call('a', 1_100, 500), call('b', 1_110, 900)]), step(3_000, 900, 1)],
  });
  expect(shown(trace)).toEqual([
    ['queue', 'In the queue', 0, 100],
    ['model', 'Step 1: m:m', 100, 1_100],
    ['tool', 'a', 1_100, 1_600],
    ['tool', 'b', 1_110, 2_010],
    ['other', 'Between', 2_010, 2_100],
    ['model', 'Step 2: m:m', 2_100, 3_000],
  ]);
});

test('a start before the creation, by another clock, is no negative wait', () => {
  const rows = shown(traceOf({ started_at: at(-45), finished_at: at(20) }));
  expect(rows).toEqual([['queue', 'In the queue', 0, 0]]);
});

test('failed attempts and lost workers are marked, and waits between them shown', () => {
  const trace = traceOf({
    failed_attempts: [{ attempt: 1, at: at(400), code: 'model_unavailable', message: '' }],
    steps: [step(2_000, 500, 3)],
    finished_at: at(2_020),
  });
  expect(shown(trace)).toEqual([
    ['queue', 'In the queue', 0, 100],
    ['other', 'Until it failed', 100, 400],
    ['attempt', 'Attempt 1 failed: model_unavailable', 400, 400],
    ['attempt', 'Attempt 2 ended with its worker; restarted', 400, 400],
    ['wait', 'Waits for the next attempt', 400, 1_500],
    ['model', 'Step 1: m:m', 1_500, 2_000],
  ]);
});

test('an attempt that fails again under the same number has a mark of its own', () => {
  const failed = (attempt: number, ms: number) => ({ attempt, at: at(ms), code: 'model_auth', message: '' });
  const trace = traceOf({
    failed_attempts: [failed(1, 200), failed(1, 300), failed(2, 400)],
    steps: [step(500, 90, 3)],
    finished_at: at(510),
  });
  const marks = waterfallRows(trace, 0).filter(({ kind }) => kind === 'attempt');
  expect(marks.map(({ label, item }) => [label, item])).toEqual([
    ['Attempt 1 failed: model_auth', 'attempt-1'],
    ['Attempt 1 failed: model_auth', 'attempt-1-2'],
    ['Attempt 2 failed: model_auth', 'attempt-2'],
  ]);
});

test('a decision that is waited for lasts until now', () => {
  const approval = { asked_at: at(1_000), decided_at: null, decision: null };
  const trace = traceOf({
    status: 'STARTED',
    finished_at: null,
    waiting_for: { kind: 'approval' },
    steps: [step(1_000, 900, 1, [call('pay', null, 0, { approval })])],
  });
  expect(shown(trace, 5_000)).toEqual([
    ['queue', 'In the queue', 0, 100],
    ['model', 'Step 1: m:m', 100, 1_000],
    ['wait', 'pay waits for a decision', 1_000, 5_000],
  ]);
});
