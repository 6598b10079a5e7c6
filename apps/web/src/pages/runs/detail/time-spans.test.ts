import { expect, test } from '@jest/globals';
import { timeSpans, totals, waitsSince } from './time-spans.js';
import type { Trace } from './trace.js';

const START = Date.parse('2026-11-22T12:00:00Z');
const at = (ms: number) => new Date(START + ms).toISOString();
const call = (name: string, from: number | null, ms: number, finished = true) => ({
  name,
  duration_ms: ms,
  started_at: from === null ? null : at(from),
  finished,
});
const trace = (fields: object) =>
  ({
    created_at: at(0),
    started_at: at(10),
    finished_at: null,
    next_attempt_at: null,
    waiting_for: null,
    steps: [],
    ...fields,
  }) as unknown as Trace;
const told = (spans: ReturnType<typeof timeSpans>) =>
  spans.map(({ kind, from, to }) => `${kind} ${from - START}-${to - START}`);

const steps = [
  {
    at: at(112),
    latency_ms: 100,
    model: 'm',
    tool_calls: [call('a', 113, 50), call('b', 114, 200), call('c', null, 0)],
  },
  { at: at(1_400), latency_ms: 84, model: 'm', tool_calls: [] },
];

test('all of the time is covered in order, with the calls of a step as one span', () => {
  const spans = timeSpans(trace({ steps, finished_at: at(1_402) }), 0);
  expect(told(spans)).toEqual([
    'queue 0-10',
    'model 10-112',
    'tool 112-314',
    'other 314-1316',
    'model 1316-1400',
  ]);
  expect(spans[2]?.label).toBe('a, b');
  expect(totals(spans).map(({ kind, ms }) => [kind, ms])).toEqual([
    ['queue', 10],
    ['model', 186],
    ['tool', 202],
    ['other', 1_002],
  ]);
});

test('an open span lasts until now: the queue, the model, a tool, the wait for an attempt', () => {
  expect(told(timeSpans(trace({ started_at: null }), START + 700))).toEqual(['queue 0-700']);
  expect(told(timeSpans(trace({}), START + 700))).toEqual(['queue 0-10', 'model 10-700']);
  const inTool = [{ at: at(100), latency_ms: 90, model: 'm', tool_calls: [call('a', 100, 0, false)] }];
  expect(told(timeSpans(trace({ steps: inTool }), START + 700))).toEqual([
    'queue 0-10',
    'model 10-100',
    'tool 100-700',
  ]);
  for (const wait of [{ next_attempt_at: at(9_000) }, { waiting_for: { kind: 'approval' } }])
    expect(told(timeSpans(trace(wait), START + 700))).toEqual(['queue 0-10', 'other 10-700']);
});

test('a run waits since its creation, its start, the end of its last step or the start of a tool', () => {
  const since = (fields: object) => waitsSince(trace(fields), START + 700) - START;
  expect(since({ started_at: null })).toBe(0);
  expect(since({})).toBe(10);
  const step = { at: at(100), latency_ms: 90, model: 'm', tool_calls: [call('a', 120, 0, false)] };
  expect(since({ steps: [step] })).toBe(120);
  expect(since({ steps: [{ ...step, tool_calls: [call('a', 120, 30)] }] })).toBe(150);
});

test('clocks that disagree make no time negative', () => {
  const spans = timeSpans(trace({ steps }), START - 5_000);
  expect(spans.every(({ from, to }) => to >= from)).toBe(true);
  const odd = [{ at: at(50), latency_ms: 5_000, model: 'm', tool_calls: [call('a', 20, 9_000)] }];
  expect(told(timeSpans(trace({ steps: odd, finished_at: at(60) }), 0))).toEqual([
    'queue 0-10',
    'model 10-50',
    'tool 50-60',
  ]);
  expect(told(timeSpans(trace({ started_at: at(-45), finished_at: at(20) }), 0))).toEqual([
    'queue 0-0',
    'other 0-20',
  ]);
});
