import { readFileSync } from 'node:fs';

/**
 * The time, in ms, that the main thread of a process has spent on a processor: the first number of
 * /proc/PID/schedstat, in ns (Linux, Documentation/scheduler/sched-stats.rst). Undefined where there is no such file.
 */
export function ownTimeOf(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ', 1)[0]) / 1e6;
  } catch {
    return undefined;
  }
}

const PAGE_BYTES = 4096;

/** The memory that a process holds, in MB; undefined where the system does not say. */
export function residentMbOf(pid: number): number | undefined {
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ', 2)[1]) * PAGE_BYTES) / 2 ** 20;
  } catch {
    return undefined;
  }
}
