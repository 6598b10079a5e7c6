import type { LogEntry } from '@agenthook/contracts';
import { expect, test } from '@jest/globals';
import { beginningOf, journalBefore, journalToContinue, stepsIn } from './copied-journal.js';

const common = { at: '2026-11-29T12:00:00.000Z', attempt: 2 };
const turn = (calls: string[]): LogEntry => ({
  ...common,
  type: 'turn',
  model: 'sandbox:echo',
  latency_ms: 1,
  input_tokens: 1,
  output_tokens: 1,
  cost_usd: 0,
  result: { content: calls.map((toolCallId) => ({ type: 'tool-call', toolCallId })) },
});
const started = (call: string): LogEntry => ({
  ...common,
  type: 'tool_started',
  call,
  name: 't',
  arguments: {},
});
const finished = (call: string): LogEntry => ({ ...common, type: 'tool_finished', call, duration_ms: 1 });
const PROMPT: LogEntry = { ...common, type: 'prompt', system: 's', user: 'u' };
const FAILED: LogEntry = { ...common, type: 'attempt_failed', code: 'timeout', message: 'm' };
const NOTE: LogEntry = { ...common, type: 'note', text: 'n' };

const LOG = [
  PROMPT,
  turn(['a']),
  started('1:a'),
  finished('1:a'),
  FAILED,
  NOTE,
  turn(['a']),
  started('2:a'),
  turn([]),
];
const names = (log: LogEntry[] | undefined) =>
  log?.map((entry) => ('call' in entry ? `${entry.type} ${entry.call}` : entry.type));

test('a task goes on after the last turn that called tools, with the calls that have no end', () => {
  const journal = journalToContinue(LOG);
  const calls = ['tool_started 1:a', 'tool_finished 1:a', 'turn', 'tool_started 2:a'];
  expect(names(journal)).toEqual(['prompt', 'turn', ...calls]);
  expect(new Set(journal.map(({ attempt }) => attempt))).toEqual(new Set([0]));
  expect(stepsIn(journal)).toBe(2);
});

test('a task that called no tool begins with nothing, and renders its prompt again', () => {
  const journal = journalToContinue([PROMPT, turn([]), FAILED]);
  expect(journal).toEqual([]);
  expect(beginningOf({ id: 'first', data: {} }, journal)).toEqual({ copied_steps: 0 });
});

test('a replay from a step begins with the steps before it', () => {
  expect(names(journalBefore(LOG, 2))).toEqual(['prompt', 'turn', 'tool_started 1:a', 'tool_finished 1:a']);
  expect(journalBefore(LOG, 1)).toEqual([]);
  expect(journalBefore(LOG, 4)).toBeUndefined();
});

test('the fences of a copy of a copy are those of the first task', () => {
  const origin = { id: 'second', data: { fence_id: 'first' } };
  expect(beginningOf(origin, journalBefore(LOG, 3) ?? [])).toEqual({ copied_steps: 2, fence_id: 'first' });
});
