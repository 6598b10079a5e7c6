import { payloadBytes } from '@agenthook/core';
import type { Job, Worker } from 'bullmq';

/** How many tasks may begin in the ordinary case, and how many bytes of payloads may be in work. */
export interface AdmissionLimits {
  concurrency: number;
  maxBytes: number;
}

export interface Admission {
  /** To be told of each job whose processing ends, however it does. */
  ended(job: Job): void;
}

/**
 * Lets workers take a job only while the payloads of those in work have fewer than `maxBytes` together: a worker counts
 * its places, and a hundred payloads of 1 MiB are no hundred small ones. One job is always let in, however large it is.
 */
export function admitByBytes(
  workers: readonly Worker[],
  { concurrency, maxBytes }: AdmissionLimits,
): Admission {
  const inWork = new Map<string, number>();
  let bytes = 0;
  const regulate = () => {
    // One place: running tasks continue, and no new task is fetched until their bytes are below the limit.
    const places = bytes < maxBytes ? concurrency : 1;
    for (const worker of workers) worker.concurrency = places;
  };
  const ended = ({ id = '' }: Job) => {
    bytes -= inWork.get(id) ?? 0;
    inWork.delete(id);
    regulate();
  };
  for (const worker of workers) {
    // In the very turn in which the job has arrived, before another is asked for.
    worker.on('active', (job) => {
      const size = payloadBytes(job);
      inWork.set(job.id ?? '', size);
      bytes += size;
      regulate();
    });
    for (const end of ['completed', 'failed'] as const)
      worker.on(end, (job: Job | undefined) => job && ended(job));
  }
  return { ended };
}
