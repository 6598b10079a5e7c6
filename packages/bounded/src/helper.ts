import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createFrameReader, encodeFrame } from './frames.js';
import { LIMITS } from './limits.js';
import type { LimitOutcome } from './outcome.js';
import { ownTimeOf, residentMbOf } from './own-time.js';

/** How often a working helper is checked, in ms. */
const CHECK_MS = 10;
/** How long a helper may take to start on a busy machine, in ms. */
const START_MS = 30_000;
/** The signals with which V8 or the system ends a process that runs out of memory. */
const MEMORY_SIGNALS = ['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV', 'SIGBUS'];
const ABORTED = 134;

/** The helper's program: beside this file in a bundle, in `dist` when running from source. */
function programPath(): string {
  const bundled = fileURLToPath(new URL('./bounded-helper.js', import.meta.url));
  if (existsSync(bundled)) return bundled;
  return fileURLToPath(new URL('../dist/helper-main.js', import.meta.url));
}

export type Reply = { outcome: 'replied'; parts: Buffer[] } | LimitOutcome;

/** A request to a helper. It is built once a helper is free, so waiting work holds no copy of its payload. */
export interface Order {
  /** Own time for the work, in ms. A newly started helper gets more. */
  workMs: number;
  /** The parts of the message, for work with this limit in ms. */
  message(limitMs: number): (string | Uint8Array)[];
}

/** A process that does one piece of work at a time and is ended if that exceeds a limit. */
export interface Helper {
  /** Sends a message and waits for the reply. If the outcome is a limit, the helper is gone. */
  ask(order: Order, signal: AbortSignal | undefined): Promise<Reply>;
  readonly gone: boolean;
  end(): void;
}

/**
 * Starts a helper. It is a process, because V8 ends the whole process when a thread runs out of memory. It
 * gets no environment, writes no log, and ends with its parent.
 */
export function startHelper(nice: number): Helper {
  const child = spawn(process.execPath, [`--max-old-space-size=${LIMITS.heapMb}`, programPath(), `${nice}`], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {},
    windowsHide: true,
  });
  let gone = false;
  let coldMs: number = LIMITS.coldMs;
  const { promise: started, resolve: ready } = Promise.withResolvers<void>();
  let onReply: ((reply: Reply) => void) | undefined;
  const finish = (reply: Reply) => {
    const waiting = onReply;
    onReply = undefined;
    waiting?.(reply);
  };
  const kill = () => {
    gone = true;
    child.kill('SIGKILL');
  };

  let first = true;
  const read = createFrameReader((parts) => {
    if (first) {
      first = false;
      ready();
    } else finish({ outcome: 'replied', parts });
  });
  child.stdout.on('data', read);
  // A helper that ends leaves a broken pipe; `exit` reports the reason.
  child.stdin.on('error', () => undefined);
  child.on('error', () => {
    gone = true;
    finish({ outcome: 'starved' });
  });
  child.on('exit', (code, signal) => {
    gone = true;
    const byMemory = code === ABORTED || (signal !== null && MEMORY_SIGNALS.includes(signal));
    finish({ outcome: byMemory ? 'too_large' : 'starved' });
  });
  keepAlive(child, false);

  return {
    get gone() {
      return gone;
    },
    end: kill,
    ask: ({ workMs, message }, signal) =>
      new Promise<Reply>((resolve) => {
        const since = performance.now();
        let own: number | undefined;
        let from: number | undefined;
        const stop = (outcome: LimitOutcome['outcome']) => {
          kill();
          finish({ outcome });
        };
        const abort = () => stop('starved');
        const check = () => {
          if (from === undefined) {
            if (performance.now() - since > START_MS) stop('starved');
            return;
          }
          const clock = performance.now() - from;
          const spent = own === undefined ? undefined : (ownTimeOf(child.pid ?? 0) ?? own) - own;
          if ((spent ?? clock / LIMITS.clockPerOwn) > workMs + coldMs + LIMITS.graceMs) stop('too_slow');
          else if ((residentMbOf(child.pid ?? 0) ?? 0) > LIMITS.residentMb) stop('too_large');
          else if (clock > LIMITS.clockMs) stop('starved');
        };
        const timer = setInterval(check, CHECK_MS);
        onReply = (reply) => {
          clearInterval(timer);
          signal?.removeEventListener('abort', abort);
          keepAlive(child, false);
          coldMs = 0;
          resolve(reply);
        };
        signal?.addEventListener('abort', abort, { once: true });
        keepAlive(child, true);
        if (gone) return finish({ outcome: 'starved' });
        void started.then(() => {
          if (gone) return;
          const frame = frameOf(message, workMs + coldMs);
          // The value nests too deeply to be serialised.
          if (!frame) return finish({ outcome: 'too_large' });
          from = performance.now();
          own = ownTimeOf(child.pid ?? 0);
          child.stdin.cork();
          for (const bytes of frame) child.stdin.write(bytes);
          child.stdin.uncork();
        });
      }),
  };
}

function frameOf(message: Order['message'], limitMs: number): Buffer[] | undefined {
  try {
    return encodeFrame(message(limitMs));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A helper without work does not keep its parent alive. */
function keepAlive(child: ChildProcess, alive: boolean): void {
  const way = alive ? 'ref' : 'unref';
  child[way]();
  // A child's pipes are sockets.
  (child.stdin as Socket | null)?.[way]?.();
  (child.stdout as Socket | null)?.[way]?.();
}
