import { payloadBytes } from '@agenthook/core';
import type { Job, Worker } from 'bullmq';

/** How many tasks may run at once, and the total size of their payloads in bytes. */
export interface AdmissionLimits {
  concurrency: number;
  maxBytes: number;
}

export interface Admission {
  /** How many tasks are in progress. */
  taken(): number;
  /** The total size of the payloads in progress. */
  bytes(): number;
  /** Call it when the processing of a job ends, with any outcome. */
  ended(job: Job): void;
}

/**
 * Lets workers take jobs only while the payloads in progress are smaller than `maxBytes` in total. BullMQ
 * counts only jobs, but a hundred payloads of 1 MiB are not a hundred small ones. One job is always admitted,
 * however large it is.
 */
export function admitByBytes(
  workers: readonly Worker[],
  { concurrency, maxBytes }: AdmissionLimits,
): Admission {
  /** The size of each task's payload, in bytes. */
  const inWork = new Map<string, number>();
  let bytes = 0;
  const regulate = () => {
    // One slot: running tasks continue, and no new task is fetched until their bytes are below the limit.
    const places = bytes < maxBytes ? concurrency : 1;
    for (const worker of workers) worker.concurrency = places;
  };
  const ended = ({ id = '' }: Job) => {
    const size = inWork.get(id);
    if (size === undefined) return;
    bytes -= size;
    inWork.delete(id);
    regulate();
  };
  for (const worker of workers) {
    // In the same tick in which the job arrives, before another one is requested.
    worker.on('active', (job) => {
      ended(job);
      const size = payloadBytes(job);
      inWork.set(job.id ?? '', size);
      bytes += size;
      regulate();
    });
    for (const end of ['completed', 'failed'] as const)
      worker.on(end, (job: Job | undefined) => job && ended(job));
  }
  return {
    ended,
    bytes: () => bytes,
    taken: () => inWork.size,
  };
}
