import { keys } from '../redis/keys.js';

/** The keys of a task that a worker holds, with which a script puts it aside (parking.lua). */
export const parkingKeys = (shard: number, id: string) => ({
  job: keys.job(shard, id),
  lock: keys.jobLock(shard, id),
  active: keys.activeJobs(shard),
  stalled: keys.stalledJobs(shard),
  delayed: keys.delayedJobs(shard),
});
