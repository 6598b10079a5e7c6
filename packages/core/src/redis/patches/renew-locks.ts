import type { Worker } from 'bullmq';

/** A job that a worker holds. `ts` is when its lock was set or renewed, by the process's clock, in ms. */
interface Tracked {
  ts: number;
}

/** Long ago, so that the lock is renewed at the next look. 0 would mean that nothing is known. */
const LONG_AGO = 1;

/**
 * Renews locks also after the clock was set back. BullMQ renews a lock that is old by `Date.now()`, which
 * follows Redis's clock; a lock from the future would not be old for as long as the clock was set back, and
 * the worker would lose it while it runs the job.
 *
 * Reaches into the worker's `lockManager`: https://github.com/taskforcesh/bullmq has no option for its clock.
 */
export function renewAfterSetBack(worker: Worker): void {
  const { lockManager } = worker as unknown as { lockManager: { trackedJobs: Map<string, Tracked> } };
  const { trackedJobs } = lockManager;
  const get = trackedJobs.get.bind(trackedJobs);
  trackedJobs.get = (id) => {
    const tracked = get(id);
    return tracked && tracked.ts > Date.now() ? { ...tracked, ts: LONG_AGO } : tracked;
  };
}
