import type { RedisClient } from '../redis/connect.js';
import { keys, taskPrefix } from '../redis/keys.js';
import { commandOf } from '../redis/patches/script-set.js';
import { withdrawEventScript } from './withdraw-event.script.js';

/** The name of the command that extendScripts defines. */
export const WITHDRAW = 'withdrawTask';

type Withdraw = (job: string, repeat: string, id: string, children: '0', prefix: string) => Promise<0 | 1>;

/**
 * Withdraws a task and its idempotency key, after its caller was told that it is not stored. Returns false,
 * and keeps both, if the task has started, was cancelled, or its id was given to a retry meanwhile.
 */
export async function withdrawTask(redis: RedisClient, shard: number, taskId: string): Promise<boolean> {
  const run = commandOf<Withdraw>(redis, WITHDRAW);
  const prefix = taskPrefix(shard);
  return (await run(keys.job(shard, taskId), keys.repeatedJobs(shard), taskId, '0', prefix)) === 1;
}

/** The same for one event of a burst, whose task stays. Returns false if the task has started. */
export async function withdrawEvent(redis: RedisClient, shard: number, eventId: string): Promise<boolean> {
  const joined = keys.joinedTask(shard, eventId);
  return (await withdrawEventScript(redis, { joined }, { eventId, prefix: taskPrefix(shard) })) === 1;
}
