import type { RedisClient } from '../redis/connect.js';
import { keys, taskPrefix } from '../redis/keys.js';
import { commandOf } from '../redis/patches/script-set.js';

/** The name of the command that extendScripts makes. */
export const WITHDRAW = 'withdrawTask';

type Withdraw = (job: string, repeat: string, id: string, children: '0', prefix: string) => Promise<0 | 1>;

/**
 * Takes back a task, and its idempotency key, whose caller was told that it is not stored. Returns false, and leaves
 * both, where it has started, was cancelled, or a retry with its key has been given its id in the meantime.
 */
export async function withdrawTask(redis: RedisClient, shard: number, taskId: string): Promise<boolean> {
  const run = commandOf<Withdraw>(redis, WITHDRAW);
  const prefix = taskPrefix(shard);
  return (await run(keys.job(shard, taskId), keys.repeatedJobs(shard), taskId, '0', prefix)) === 1;
}
