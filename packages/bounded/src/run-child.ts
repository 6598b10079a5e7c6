import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/**
 * The limits of a child. The kernel ends a child that exceeds memory or CPU time, even if its parent is gone.
 */
export interface ChildLimits {
  /**
   * All memory that it allocates, in MiB, including buffers outside V8's heap. Node itself needs about 70.
   */
  memoryMb: number;
  /** CPU time, in seconds. */
  cpuSeconds: number;
  /** Wall time from its start, in ms. */
  clockMs: number;
  /** Maximum size of its answer, in bytes. */
  outputBytes: number;
}

/** `failed`: it ended by itself with an error, or did not start. */
export type ChildOutcome =
  | { outcome: 'done'; output: Buffer }
  | { outcome: 'too_slow' | 'too_large' | 'failed' };

/**
 * Sets the limits, then becomes Node. RLIMIT_DATA counts writable mappings, not what V8 only reserves. If
 * memory runs short, the kernel ends this process first.
 */
const LIMITED = `
{ echo 1000 > /proc/self/oom_score_adj; } 2>/dev/null
ulimit -c 0; ulimit -d "$1" && ulimit -t "$2" || exit 125
shift 2
exec "$0" "$@"`;

/** What newer V8 versions reserve for compiled code, in MiB. RLIMIT_DATA counts it even if unused. */
const RESERVED_MB = Number(process.versions.node.split('.')[0]) >= 24 ? 512 : 0;

/** The signals that end a process without memory: V8 aborts, the system's library faults. */
const MEMORY_SIGNALS = ['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV', 'SIGBUS'];

/** Reads the stream to its end; undefined if it has more than `most` bytes. */
async function readAll(stream: Readable, most: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Runs a Node script in its own process. The script reads `input` from stdin and answers on file descriptor
 * 3. It has no environment and no other open file, and is ended when it exceeds a limit or `signal` aborts,
 * whatever it does. Needs a POSIX shell. Rejects only with the signal's reason.
 *
 * @param script its path
 * @param args its process.argv from index 2 on
 */
export async function runChild(
  script: string,
  args: string[],
  input: Uint8Array,
  limits: ChildLimits,
  signal?: AbortSignal,
): Promise<ChildOutcome> {
  signal?.throwIfAborted();
  const heap = `--max-old-space-size=${Math.ceil(limits.memoryMb * 0.6)}`;
  const kernel = [`${(limits.memoryMb + RESERVED_MB) * 1024}`, `${limits.cpuSeconds}`];
  const child = spawn('/bin/sh', ['-c', LIMITED, process.execPath, ...kernel, heap, script, ...args], {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
  });
  const [stdin, , , answer] = child.stdio as unknown as [Writable, null, null, Readable];
  // It may end before it has read everything.
  stdin.on('error', () => undefined);
  stdin.end(input);

  let stopped: 'too_slow' | 'too_large' | undefined;
  const stop = (why?: typeof stopped) => {
    stopped ??= why;
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => stop('too_slow'), limits.clockMs);
  const abort = () => stop();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
      child.once('error', () => resolve({ code: null, signal: null }));
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    const output = await readAll(answer, limits.outputBytes).catch(() => undefined);
    if (output === undefined) stop('too_large');
    const { code, signal: by } = await ended;
    signal?.throwIfAborted();
    if (stopped) return { outcome: stopped };
    if (code === 0 && output) return { outcome: 'done', output };
    // The kernel kills a process that has used up its CPU time.
    if (by === 'SIGKILL' || by === 'SIGXCPU') return { outcome: 'too_slow' };
    return { outcome: by !== null && MEMORY_SIGNALS.includes(by) ? 'too_large' : 'failed' };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
