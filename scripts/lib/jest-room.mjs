import { availableParallelism, cpus } from 'node:os';

/** Suites with a browser, which needs a processor for itself. */
export const OF_BROWSERS = /\/e2e\//;

/** How often to look at how busy the processors are, in ms. Long enough to see what the last suite needs. */
const LOOK_MS = 2_000;
/** Another suite may begin while the processors were busy for less of the time than this. */
const BUSY = 0.85;

/** Returns a function that says how busy all processors were since its last call, from 0 to 1. */
function watchProcessors() {
  const now = () => {
    const times = cpus().map((processor) => processor.times);
    const idle = times.reduce((sum, time) => sum + time.idle, 0);
    return {
      idle,
      all: times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, idle),
    };
  };
  let last = now();
  return () => {
    const before = last;
    last = now();
    return 1 - (last.idle - before.idle) / Math.max(1, last.all - before.all);
  };
}

/**
 * Decides when suites begin. As many as there are processors, and at least two, run at any time. Many suites
 * mostly wait, so more begin while the processors are idle. Suites with browsers never outnumber the
 * processors.
 *
 * @param places how many suites run however busy the processors are
 * @param busyShare says how busy they were since it was last asked, from 0 to 1
 * @returns `enter` resolves when the suite of a file may begin, `leave` gives its place back, `close` stops
 *   looking at the processors
 */
export function makeRoom({
  places = Math.max(2, availableParallelism()),
  busyShare = watchProcessors(),
  lookMs = LOOK_MS,
} = {}) {
  const running = new Set();
  const waiting = [];
  const countOfBrowsers = () => [...running].filter((path) => OF_BROWSERS.test(path)).length;
  const fits = ({ path }) => !OF_BROWSERS.test(path) || countOfBrowsers() < places;

  /** Lets the first suite begin that may. Returns false if none may. */
  const beginNext = () => {
    const next = waiting.find(fits);
    if (next === undefined) return false;
    waiting.splice(waiting.indexOf(next), 1);
    running.add(next.path);
    next.begin();
    return true;
  };
  const fill = () => {
    while (running.size < places && beginNext());
  };
  const timer = setInterval(() => {
    if (busyShare() < BUSY) beginNext();
  }, lookMs);

  return {
    enter: (path) =>
      new Promise((begin) => {
        waiting.push({ path, begin });
        fill();
      }),
    leave: (path) => {
      running.delete(path);
      fill();
    },
    close: () => clearInterval(timer),
  };
}
