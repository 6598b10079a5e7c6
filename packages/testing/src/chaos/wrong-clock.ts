import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { shiftedClock } from '../index.js';

const LIBRARIES = '/usr/lib';

/** libfaketime, which shifts a process's clock for all of its code; undefined if it is not installed. */
export const findFaketime = (): string | undefined =>
  (existsSync(LIBRARIES) ? readdirSync(LIBRARIES) : [])
    .map((name) => join(LIBRARIES, name, 'faketime', 'libfaketimeMT.so.1'))
    .find(existsSync);

/**
 * Environment of a process whose clock is ahead by so many ms, or behind if negative. Without libfaketime,
 * only JavaScript's `Date` is.
 */
export function wrongClock(ms: number, faketime: string | undefined): Record<string, string> {
  if (faketime === undefined) return shiftedClock(ms);
  // The monotonic clock is that of the machine, whatever its date says.
  const monotonic = { DONT_FAKE_MONOTONIC: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' };
  return { LD_PRELOAD: faketime, FAKETIME: `${ms < 0 ? '' : '+'}${ms / 1000}s`, ...monotonic };
}
