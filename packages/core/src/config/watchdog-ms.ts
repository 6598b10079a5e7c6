import { EnvironmentError } from './load-environment.js';

/** The default limit for an api process, in ms. */
const API_MS = 5_000;
/**
 * The default limit for a worker, as a part of the lock time. Locks are renewed at half their time, and must
 * not expire.
 */
const PART_OF_LOCK = 4 / 9;

/**
 * How long a process's event loop may hang before the watchdog ends the process, in ms; 0: forever. Throws
 * EnvironmentError if a worker's locks could expire first.
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
