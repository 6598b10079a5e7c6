import { TASK_STATUSES } from '@agenthook/contracts';
import { shardOfAgent } from '../../queue/task-id.js';
import { ALL_AGENTS, keys } from '../../redis/keys.js';
import { type Condition, inWords, onlyOne } from './condition.js';
import { nameOf } from './subject-name.js';

/**
 * No task was created for too long. The rule remembers the last one, which may have been erased meanwhile; a
 * new rule begins when it is created.
 */
export const silence: Condition<'silence'> = {
  read: async ({ ctx, nowMs }, { agent_id, seconds, created_ms }, open, state) => {
    const shards = agent_id === null ? [...ctx.queues.keys()] : [shardOfAgent(agent_id, ctx.queues.length)];
    const sets = shards.flatMap((shard) =>
      TASK_STATUSES.map((status) => keys.taskIndex(shard, agent_id ?? ALL_AGENTS, status)),
    );
    const heads = await Promise.all(sets.map((set) => ctx.redis.zrevrange(set, 0, 0, 'WITHSCORES')));
    const before = Number(state ?? 0);
    const last = Math.max(created_ms, before, ...heads.map(([, ms]) => Number(ms ?? 0)));
    const text = async () =>
      `${await nameOf(ctx, agent_id)} has had no event for ${inWords((nowMs - last) / 1000)} ` +
      `(limit ${inWords(seconds)}).`;
    const isSilent = nowMs - last >= seconds * 1000;
    const reading = onlyOne(isSilent ? { agentId: agent_id, text } : undefined, open);
    return last === before ? reading : { ...reading, state: last };
  },
};
