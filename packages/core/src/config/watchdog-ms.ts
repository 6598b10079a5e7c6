import { EnvironmentError } from './load-environment.js';

/** How long an api's event loop may stand still, in ms. */
const API_MS = 5_000;
/** The part of a lock's time for which a worker's may: locks are renewed at half their time, and must not run out. */
const PART_OF_LOCK = 4 / 9;

/**
 * How long the event loop of a process may stand still before its watchdog ends it, in ms; 0: for ever.
 * Throws EnvironmentError where a worker's locks could run out first.
 */
export function watchdogMs(env: {
  WATCHDOG_MS?: number | undefined;
  TASK_LOCK_SECONDS?: number | undefined;
}): number {
  const { WATCHDOG_MS: given, TASK_LOCK_SECONDS: lockSeconds } = env;
  if (lockSeconds === undefined) return given ?? API_MS;
  const mostMs = lockSeconds * 500;
  if (given !== undefined && given >= mostMs)
    throw new EnvironmentError(`WATCHDOG_MS must be below half of TASK_LOCK_SECONDS, ${mostMs} ms, or 0.`);
  return given ?? Math.floor(lockSeconds * 1000 * PART_OF_LOCK);
}
