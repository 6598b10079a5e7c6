import { expect, test } from '@jest/globals';
import { NOTHING_TOLD, told, upToDate } from './live-trace.js';
import type { Trace } from './trace.js';

type Event = Parameters<typeof told>[1];
const after = (...events: unknown[]) => (events as Event[]).reduce(told, NOTHING_TOLD);

const state = { status: 'STARTED', attempt: 1, finished_at: null };
const read = { ...state, result: null, payload: { large: true }, steps: [], failed_attempts: [] };
const trace = (more: object = {}) => ({ ...read, ...more }) as unknown as Trace;
const STARTED = { event: 'status', data: state };
const STEP = { event: 'step', data: { step: 1, attempt: 1, model: 'm', text: 'Let me look.' } };
const CALL = {
  event: 'tool_call',
  data: { at: 'T1', attempt: 1, step: 1, call: '1.0', name: 'recall', arguments: { query: 'x' } },
};
const RESULT = {
  event: 'tool_result',
  data: { at: 'T2', attempt: 1, step: 1, call: '1.0', result: ['a'], error: null, duration_ms: 7 },
};
const recall = { name: 'recall', arguments: { query: 'x' }, started_at: 'T1', error: null };

test('a trace grows with its events as it would read, and keeps what they do not contain', () => {
  const begun = upToDate(trace(), after(STARTED, STEP, CALL));
  expect(begun).toMatchObject({ payload: { large: true }, steps: [{ model: 'm', text: 'Let me look.' }] });
  expect(begun.steps[0]?.tool_calls).toEqual([{ ...recall, result: null, duration_ms: 0, finished: false }]);
  const ended = upToDate(trace(), after(STARTED, STEP, CALL, RESULT));
  expect(ended.steps[0]?.tool_calls).toEqual([{ ...recall, result: ['a'], duration_ms: 7, finished: true }]);
  const failed = { event: 'attempt_failed', data: { attempt: 1, code: 'model_unavailable' } };
  expect(upToDate(trace(), after(STARTED, STEP, failed)).failed_attempts).toEqual([failed.data]);
});

test('calls of a step that have not started are those that were read', () => {
  const open = { name: 'save', started_at: null, finished: false };
  const known = trace({ steps: [{ tool_calls: [{ name: 'recall', started_at: 'T1' }, open] }] });
  const calls = upToDate(known, after(STARTED, STEP, CALL, RESULT)).steps[0]?.tool_calls;
  expect(calls).toMatchObject([{ name: 'recall', finished: true }, open]);
});

test('events replayed from the beginning take nothing back, and an end that was read stays', () => {
  const known = trace({ steps: [{ tool_calls: [] }, { tool_calls: [] }] });
  expect(upToDate(known, after(STARTED, STEP))).toBe(known);
  const pending = { event: 'status', data: { ...state, status: 'PENDING' } };
  expect(upToDate(trace(), after(pending)).status).toBe('STARTED');
  const over = trace({ status: 'SUCCESS', finished_at: 'T3' });
  expect(upToDate(over, after(STARTED, STEP))).toBe(over);
  const finished = { event: 'finished', data: { ...state, status: 'FAILURE', finished_at: 'T4' } };
  expect(upToDate(trace(), after(STARTED, finished)).status).toBe('FAILURE');
});
