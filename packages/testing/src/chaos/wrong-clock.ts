import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clockFromFile } from '../index.js';

const LIBRARIES = '/usr/lib';

/** libfaketime, which shifts a process's clock for all of its code; undefined if it is not installed. */
export const findFaketime = (): string | undefined =>
  (existsSync(LIBRARIES) ? readdirSync(LIBRARIES) : [])
    .map((name) => join(LIBRARIES, name, 'faketime', 'libfaketimeMT.so.1'))
    .find(existsSync);

/**
 * Environment of a process whose clock is ahead by what a file contains, at any moment. Without libfaketime,
 * only JavaScript's `Date` is.
 */
export function wrongClock(file: string, faketime: string | undefined): Record<string, string> {
  if (faketime === undefined) return clockFromFile(file);
  // The monotonic clock is that of the machine, whatever its date says.
  const monotonic = { DONT_FAKE_MONOTONIC: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' };
  return {
    LD_PRELOAD: faketime,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_CACHE_DURATION: '1',
    ...monotonic,
  };
}

/** Sets the clock of the processes that read a file, by so many ms ahead of the machine's. */
export function setClock(file: string, ms: number): void {
  writeFileSync(`${file}.new`, `${ms < 0 ? '' : '+'}${ms / 1000}s`);
  renameSync(`${file}.new`, file);
}
