import { expect, test } from '@jest/globals';
import { every, orAborted, sleep, withDeadline, within } from './async.js';

const never = new Promise<never>(() => {});
const LONG_MS = 60_000;

test('a sleep ends when its signal aborts', async () => {
  const stop = new AbortController();
  const asleep = sleep(LONG_MS, { signal: stop.signal });
  stop.abort();
  await expect(asleep).rejects.toMatchObject({ name: 'AbortError' });
});

test('a deadline returns the result if it is in time, and otherwise the given value', async () => {
  expect(await withDeadline(Promise.resolve('work'), LONG_MS, 'late')).toBe('work');
  expect(await withDeadline(never, 1, 'late')).toBe('late');
  expect(await withDeadline(never, 1)).toBeUndefined();
  await expect(withDeadline(Promise.reject(new Error('work failed')), LONG_MS)).rejects.toThrow(
    'work failed',
  );
});

test('work that fails after its deadline or its abort is not an unhandled rejection', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  const failing = sleep(20).then(() => {
    throw new Error('too late to matter');
  });
  expect(await withDeadline(failing, 1, 'late')).toBe('late');
  await expect(orAborted(failing, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  await sleep(40);
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

test('an abort rejects with its reason, before or after the work began', async () => {
  const stop = new AbortController();
  const work = orAborted(never, stop.signal);
  stop.abort(new Error('stopped'));
  await expect(work).rejects.toThrow('stopped');
  await expect(orAborted(Promise.resolve(1), stop.signal)).rejects.toThrow('stopped');
  expect(await orAborted(Promise.resolve(1), new AbortController().signal)).toBe(1);
});

test('within ends at the first of event, time and abort', async () => {
  const { signal } = new AbortController();
  await within(LONG_MS, Promise.resolve(), signal);
  await within(LONG_MS, Promise.reject(new Error('settled too')), signal);
  await within(1, never, signal);
  await within(-1, never, signal);
  await within(LONG_MS, never, AbortSignal.abort());
});

test('every skips turns while one runs, survives failures, and stops', async () => {
  let running = 0;
  let most = 0;
  let turns = 0;
  const errors: unknown[] = [];
  const stop = every(
    2,
    async () => {
      most = Math.max(most, ++running);
      await sleep(15);
      running--;
      if (++turns === 1) throw new Error('the first turn failed');
    },
    (error) => errors.push(error),
  );
  while (turns < 3) await sleep(5);
  stop();
  while (running > 0) await sleep(5);
  const stopped = turns;
  await sleep(40);
  expect({ most, later: turns - stopped }).toEqual({ most: 1, later: 0 });
  expect(errors).toEqual([new Error('the first turn failed')]);
});
