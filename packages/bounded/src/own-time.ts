import { readFileSync } from 'node:fs';

/**
 * The CPU time of a process's main thread, in ms: the first number of /proc/PID/schedstat, in ns (Linux,
 * Documentation/scheduler/sched-stats.rst). Undefined if that file does not exist.
 */
export function ownTimeOf(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ', 1)[0]) / 1e6;
  } catch {
    return undefined;
  }
}

const PAGE_BYTES = 4096;

/** The memory of a process, in MB; undefined if the system does not report it. */
export function residentMbOf(pid: number): number | undefined {
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ', 2)[1]) * PAGE_BYTES) / 2 ** 20;
  } catch {
    return undefined;
  }
}
