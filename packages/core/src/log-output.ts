import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';

/** Lines that wait for their reader, in characters. Further lines are dropped and counted. */
const MOST_WAITING = 256 * 1024;
/** The size of one write, in characters, as soon as so many wait. */
const WRITTEN_AT_ONCE = 8_192;
/** How often to try again while nobody reads, in ms. */
const RETRY_MS = 50;
/** How long an ending process waits for the reader of its last lines, in ms. */
const LAST_MS = 250;
/** How long after a dropped line people are warned, in ms. */
const RECENT_MS = 60_000;

/** Where log lines go. Writing never blocks and never fails. */
export interface LogOutput {
  /** The file descriptor. A write returns EAGAIN if it would block. */
  readonly fd: number;
  write(line: string): void;
  /** How many lines were dropped since the process started. */
  dropped(): number;
  /** Whether lines were dropped in the last minute. */
  isDropping(): boolean;
}

/**
 * A descriptor of the same file on which no write blocks. A pipe or terminal is opened again, because
 * programs that share it would otherwise get EAGAIN too. Containers may forbid that, and a socket cannot be
 * opened; then Node sets the flag on the shared one, as it does for process.stdout.
 */
function nonBlocking(fd: number): { fd: number; keep?: Socket } {
  if (fstatSync(fd).isFile()) return { fd };
  try {
    const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
    return { fd: openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY) };
  } catch {
    const keep = new Socket({ fd, readable: false, writable: true });
    keep.unref();
    return { fd, keep };
  }
}

function openOutput(fd: number): { fd: number; keep?: Socket } {
  try {
    return nonBlocking(fd);
  } catch {
    return { fd }; // closed, or of another kind: each write reports it
  }
}

/**
 * Writes log lines to a descriptor. The lines of one turn of the event loop share one system call, because
 * under load a call per line costs more than the line itself. A killed process loses only the lines of its
 * last turn.
 *
 * While nobody reads a pipe, some lines wait; further ones are dropped, and so are lines that a full disk
 * refuses. `onBack` is called with their number once a line has been written again.
 */
export function openLogOutput(onBack: (dropped: number) => void, target = 1): LogOutput {
  const { fd, keep } = openOutput(target);
  let waiting: string[] = [];
  let size = 0;
  let rest = Buffer.alloc(0);
  let dropped = 0;
  let untold = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  let isScheduled = false;
  let isCut = false;
  let isTaken = true;

  const drop = (lines: number) => {
    dropped += lines;
    untold += lines;
    lastMs = performance.now();
  };
  /** Writes what waits. Returns false if nobody reads now. */
  const writeAll = (): boolean => {
    for (;;) {
      if (rest.length === 0) {
        if (waiting.length === 0) return true;
        rest = Buffer.from((isCut ? '\n' : '') + waiting.join(''));
        [waiting, size, isCut] = [[], 0, false];
      }
      try {
        const written = writeSync(fd, rest);
        isTaken = true;
        isCut = rest[written - 1] !== 0x0a;
        rest = rest.subarray(written);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
        isTaken = false;
        drop(rest.toString().split('\n').length - 1);
        rest = Buffer.alloc(0);
      }
    }
  };
  const flush = () => {
    isScheduled = false;
    if (!writeAll()) {
      isScheduled = true;
      setTimeout(flush, RETRY_MS).unref();
    } else if (untold > 0 && isTaken) {
      const lines = untold;
      untold = 0;
      onBack(lines);
    }
  };
  const atExit = () => {
    const sleeper = new Int32Array(new SharedArrayBuffer(4));
    for (let ms = 0; !writeAll() && ms < LAST_MS; ms += 10) Atomics.wait(sleeper, 0, 0, 10);
    keep?.unref(); // until here, it must not be collected, which would close the descriptor
  };
  let isFirst = true;
  return {
    fd,
    dropped: () => dropped,
    isDropping: () => performance.now() - lastMs < RECENT_MS,
    write: (line) => {
      if (size + rest.length + line.length > MOST_WAITING) return drop(1);
      if (isFirst) process.once('exit', atExit);
      isFirst = false;
      waiting.push(line);
      size += line.length;
      if (isScheduled) return;
      if (size >= WRITTEN_AT_ONCE) return flush();
      isScheduled = true;
      setImmediate(flush);
    },
  };
}
