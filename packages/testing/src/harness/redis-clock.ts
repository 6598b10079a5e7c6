import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onPath } from '../../../../scripts/lib/find.mjs';
import { needing } from './needs.js';

/** The compiler does not copy it, so it is always that of the sources. */
const SOURCE = fileURLToPath(new URL('../../src/harness/set-clock.c', import.meta.url));

/** A clock that a test can set, for a program that is not Node. libfaketime hangs with Redis's allocator. */
export interface SetClock {
  /** Environment of the program. */
  readonly env: Record<string, string>;
  /** Sets the program's clock, by so many ms ahead of the machine's, at once. */
  set(ms: number): void;
  remove(): void;
}

const compiler = process.platform === 'linux' ? onPath('cc', 'gcc', 'clang') : undefined;

/** Jest's `test` or `describe`, for what sets the clock of a program. */
export const withSetClock = <Run>(runner: Run & { skip: Run }): Run =>
  needing(compiler, 'There is no C compiler on Linux. Install gcc.', runner);

/** Makes a clock. Throws if no compiler is installed. */
export function makeSetClock(): SetClock {
  if (compiler === undefined) throw new Error('No C compiler: install gcc.');
  const dir = mkdtempSync(join(tmpdir(), 'agenthook-clock-'));
  const [library, file] = [join(dir, 'set-clock.so'), join(dir, 'ms')];
  execFileSync(compiler, ['-O2', '-shared', '-fPIC', '-o', library, SOURCE]);
  writeFileSync(file, Buffer.alloc(8));
  const open = openSync(file, 'r+');
  return {
    env: { LD_PRELOAD: library, SET_CLOCK_FILE: file },
    set: (ms) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(BigInt(ms));
      writeSync(open, bytes, 0, 8, 0);
    },
    remove: () => {
      closeSync(open);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
