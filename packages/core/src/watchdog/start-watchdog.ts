import { hostname } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { LogOutput } from '../log-output.js';
import {
  BEATS,
  ENTERED,
  type EnterStep,
  KEPT,
  recordActivity,
  STEPS_AT,
  shareActivity,
  WIDTH,
} from './activity.js';
import { watch } from './watch.js';

/** How many times the watchdog checks within its bound, and the minimum interval between checks, in ms. */
const LOOKS = 20;
const MOST_OFTEN_MS = 10;

export interface Watchdog {
  /** Records the start of a step, for the log line about a hang. */
  enter: EnterStep;
  stop(): void;
}

export interface WatchdogSettings {
  /** The process's name in log lines. */
  name: string;
  /** How long the event loop may hang, in ms; 0: forever. */
  boundMs: number;
  /** Whether to write the log line, and where. The process is ended anyway. */
  tells: boolean;
  output: LogOutput;
}

/**
 * Starts a thread that ends this process, with a log line and SIGKILL, once the event loop has hung for
 * `boundMs`. The process's supervisor starts it again. SIGKILL needs nothing from the hanging loop.
 */
export function startWatchdog({ name, boundMs, tells, output }: WatchdogSettings): Watchdog {
  if (boundMs === 0) return { enter: () => {}, stop: () => {} };
  const shared = shareActivity();
  const words = new Int32Array(shared, 0, STEPS_AT / 4);
  const lookMs = Math.max(MOST_OFTEN_MS, Math.floor(boundMs / LOOKS));
  const beating = setInterval(() => Atomics.add(words, BEATS, 1), lookMs);
  beating.unref();
  // The thread is started from source text, which works the same in src, dist and bundle, without a file
  // path.
  const thread = new Worker(`(${watch})(require('node:worker_threads').workerData)`, {
    eval: true,
    workerData: {
      shared,
      layout: { BEATS, ENTERED, KEPT, STEPS_AT, WIDTH },
      lookMs,
      boundMs,
      tells,
      fd: output.fd,
      line: { pid: process.pid, hostname: hostname(), name },
    },
    env: {},
    execArgv: [],
    // The thread stores nothing.
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 4 },
  });
  thread.unref();
  return {
    enter: recordActivity(shared),
    stop: () => {
      clearInterval(beating);
      void thread.terminate();
    },
  };
}
