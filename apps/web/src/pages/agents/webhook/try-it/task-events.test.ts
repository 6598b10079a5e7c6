import { expect, test } from '@jest/globals';
import { type LiveTask, NOTHING_YET, withEvent } from './task-events.js';

const after = (...events: [event: string, data: unknown][]): LiveTask =>
  events.reduce((task, [event, data]) => withEvent(task, { event, data } as never), NOTHING_YET);

test('shows the progress of a task from its events in order', () => {
  const task = after(
    ['status', { status: 'STARTED' }],
    ['step', { step: 1, latency_ms: 12 }],
    ['tool_call', { step: 1, call: 'a', name: 'notes' }],
    ['tool_call', { step: 1, call: 'b', name: 'search' }],
    ['tool_result', { call: 'a', error: null, duration_ms: 3 }],
    ['text', { text: 'no matter' }],
  );
  expect(task.state).toEqual({ status: 'STARTED' });
  expect(task.steps).toEqual([{ step: 1, latency_ms: 12 }]);
  expect(task.calls).toEqual([
    { step: 1, call: 'a', name: 'notes', ended: { duration_ms: 3, failed: false } },
    { step: 1, call: 'b', name: 'search', ended: undefined },
  ]);
  expect(task.finished).toBeUndefined();
});

test('accepts withheld events, and the end as the last state', () => {
  const finished = { status: 'FAILURE', redacted: true };
  const task = after(
    ['tool_call', { step: 1, call: 'a', name: 'notes' }],
    ['tool_result', { call: 'a', failed: true, duration_ms: 3 }],
    ['attempt_failed', { attempt: 1, code: 'timeout' }],
    ['finished', finished],
  );
  expect(task.calls[0]?.ended).toEqual({ duration_ms: 3, failed: true });
  expect(task.failedAttempts).toEqual([{ attempt: 1, code: 'timeout' }]);
  expect(task).toMatchObject({ state: finished, finished });
});
