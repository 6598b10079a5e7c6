import { expect, test } from '@jest/globals';
import type { Run } from './run-filters.js';
import { listOf, liveParts, PAGE, shortened, withHead, withPart, withTail } from './run-list.js';

const START = Date.parse('2026-11-22T12:00:00Z');

/** The nth run ever created. */
const run = (n: number, status: Run['status'] = 'SUCCESS') =>
  ({
    task_id: `task-${String(n).padStart(6, '0')}`,
    created_at: new Date(START + n).toISOString(),
    status,
  }) as Run;

/** The api's answer for the runs `from` down to `to`. */
const page = (from: number, to: number, next: string | null = `below-${to}`) => ({
  tasks: Array.from({ length: from - to + 1 }, (_, index) => run(from - index)),
  next_cursor: next,
});
const numbers = ({ runs }: { runs: Run[] }) => runs.map(({ task_id }) => Number(task_id.slice(5)));
const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, index) => from - index);

test('new runs come first, and runs read further down stay', () => {
  const read = withTail(listOf(page(100, 51)), page(50, 1, null));
  const list = withHead(read, page(103, 54));
  expect(numbers(list)).toEqual(down(103, 1));
  expect(list.next).toBeNull();
});

test('a changed status makes a new row; all other rows stay identical', () => {
  const list = listOf(page(10, 1, null));
  const next = withHead(list, { tasks: [run(10, 'FAILURE'), ...page(9, 1).tasks], next_cursor: null });
  expect(next.runs[0]?.status).toBe('FAILURE');
  expect(next.runs.slice(1).every((each, index) => each === list.runs[index + 1])).toBe(true);
});

test('a run that left the filter is dropped, at the beginning and further down', () => {
  const read = withTail(listOf(page(100, 51)), page(50, 1, null));
  const without = (tasks: Run[], n: number) => tasks.filter(({ task_id }) => task_id !== run(n).task_id);
  const list = withHead(read, { tasks: without(page(100, 51).tasks, 70), next_cursor: 'below-51' });
  const [mark] = list.marks;
  if (!mark) throw new Error('no mark');
  const last = withPart(list, mark, { tasks: without(page(50, 1).tasks, 20), next_cursor: null });
  expect(numbers(last)).toEqual(down(100, 1).filter((n) => n !== 70 && n !== 20));
});

test('if more runs arrive than an answer holds, no gap is closed', () => {
  const list = withHead(listOf(page(50, 1)), page(200, 151));
  expect(numbers(list)).toEqual(down(50, 1));
  expect(list.newer?.tasks).toHaveLength(50);
  expect(withHead(list, page(99, 50)).newer).toBeNull();
});

test('a list that has outgrown its beginning reads on from its end', () => {
  const odd = Array.from({ length: 50 }, (_, index) => run(99 - 2 * index));
  const list = withHead(listOf(page(100, 51)), { tasks: odd, next_cursor: 'below-1' });
  expect(list).toMatchObject({ runs: odd, next: 'below-1' });
  expect(numbers(withTail(list, page(0, 0, null)))).toEqual([...numbers({ runs: odd }), 0]);
});

test('an empty answer with a next page removes nothing', () => {
  const list = listOf(page(50, 1));
  expect(numbers(withTail(list, { tasks: [], next_cursor: 'later' }))).toEqual(down(50, 1));
});

test('a list that grew in front can be reread in parts and shortened', () => {
  let list = listOf(page(PAGE, 1));
  for (let newest = PAGE; newest <= 1_200; newest += 25)
    list = withHead(list, page(newest, newest - PAGE + 1));
  expect(list.runs.length).toBe(1_200);
  const places = [1_200, ...list.marks.map(({ after }) => numbers({ runs: [after] })[0] ?? 0)];
  const distances = places.slice(1).map((place, index) => (places[index] ?? 0) - place);
  expect(Math.max(...distances)).toBeLessThanOrEqual(2 * PAGE);
  expect(places.length).toBeLessThanOrEqual(1_200 / 25);
  expect(liveParts(list, [run(1_199, 'STARTED')])).toEqual([]);
  expect(liveParts(list, [run(600, 'STARTED'), run(599, 'PENDING'), run(3)])).toHaveLength(1);

  const short = shortened(list);
  expect(short.runs.length).toBeLessThan(4 * PAGE);
  const lowest = numbers(short).at(-1) ?? 0;
  expect(short.next).toBe(`below-${lowest}`);
  expect(numbers(withTail(short, page(lowest - 1, lowest - PAGE)))).toEqual(down(1_200, lowest - PAGE));
});

test('if the last run of an unfiltered list is gone, the list is empty', () => {
  expect(withHead(listOf(page(1, 1, null)), { tasks: [], next_cursor: null }).runs).toEqual([]);
});
