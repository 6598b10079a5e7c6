import type { JobsOptions, Queue } from 'bullmq';
import type { RedisClient } from '../redis/connect.js';

/** The option under which a job carries until when, by Redis's clock in ms, it may still be added. */
const ACK_BY = 'ackBy';

/** What Redis answers to a job that comes too late; `isRedisUnavailable` knows the word. */
const LATE = 'LATE';

/** Put before BullMQ's own script. The options are its third argument, as MessagePack. */
const GUARD = `
do
  local ackBy = cmsgpack.unpack(ARGV[3])['${ACK_BY}']
  if ackBy then
    local time = redis.call('TIME')
    if time[1] * 1000 + time[2] / 1000 > ackBy then
      return redis.error_reply('${LATE} the caller has been told that this task is not stored')
    end
  end
end
`;

/** The scripts that ioredis keeps of a client, by the name of their command. */
interface ScriptSet {
  scriptsSet: Record<string, { lua: string; numberOfKeys: number }>;
}

/**
 * Makes Redis refuse a job that reaches it after its deadline. A command whose caller has given up may still lie in a
 * socket and be read later, by a Redis that was paused or is slow; only Redis itself can tell that it is late, in the
 * same step that would store it. So BullMQ's script for adding a job gets a condition in front.
 *
 * Throws where this version of BullMQ has no such script: better not to start than to lose the guard unseen.
 */
export async function enforceAddDeadlines(redis: RedisClient, queues: readonly Queue[]): Promise<void> {
  await Promise.all(queues.map((queue) => queue.waitUntilReady()));
  const { scriptsSet } = redis as unknown as ScriptSet;
  const names = Object.keys(scriptsSet).filter((name) => /^add(Standard|Prioritized|Delayed)Job:/.test(name));
  if (names.length !== 3)
    throw new Error('BullMQ adds jobs in another way than this version of AgentHook knows.');
  for (const name of names) {
    const { lua = '', numberOfKeys = 0 } = scriptsSet[name] ?? {};
    if (!lua.startsWith(GUARD)) redis.defineCommand(name, { lua: GUARD + lua, numberOfKeys });
  }
}

/** Job options with a deadline, in ms of Redis's clock. BullMQ hands options that it does not know on to its scripts. */
export const withDeadline = (options: JobsOptions, ackBy: number): JobsOptions =>
  ({ ...options, [ACK_BY]: ackBy }) as JobsOptions;
