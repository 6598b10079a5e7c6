import { hostname } from 'node:os';
import { Worker } from 'node:worker_threads';
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

/** How many times the watchdog looks within its bound, and how often it looks at most, in ms. */
const LOOKS = 20;
const MOST_OFTEN_MS = 10;

export interface Watchdog {
  /** Notes what is begun, for the line that tells where the loop stood still. */
  enter: EnterStep;
  stop(): void;
}

export interface WatchdogSettings {
  /** The process's name in log lines. */
  name: string;
  /** For how long the event loop may stand still, in ms; 0: for ever. */
  boundMs: number;
  /** Whether the line is written; the process is ended anyway. */
  tells: boolean;
}

/**
 * Starts a thread that ends this process, with a line in its log and SIGKILL, once the event loop has stood still for
 * `boundMs`. Whoever started the process starts it again. SIGKILL, because it needs nothing of a loop that hangs.
 */
export function startWatchdog({ name, boundMs, tells }: WatchdogSettings): Watchdog {
  if (boundMs === 0) return { enter: () => {}, stop: () => {} };
  const shared = shareActivity();
  const words = new Int32Array(shared, 0, STEPS_AT / 4);
  const lookMs = Math.max(MOST_OFTEN_MS, Math.floor(boundMs / LOOKS));
  const beating = setInterval(() => Atomics.add(words, BEATS, 1), lookMs);
  beating.unref();
  // From its text: the same in src, dist and bundle, without a file to be found.
  const thread = new Worker(`(${watch})(require('node:worker_threads').workerData)`, {
    eval: true,
    workerData: {
      shared,
      layout: { BEATS, ENTERED, KEPT, STEPS_AT, WIDTH },
      lookMs,
      boundMs,
      tells,
      line: { pid: process.pid, hostname: hostname(), name },
    },
    env: {},
    execArgv: [],
    // It keeps nothing.
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
