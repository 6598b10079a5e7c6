import { shardOfAgent } from '../../queue/task-id.js';
import { ALL_AGENTS, keys } from '../../redis/keys.js';
import { type Condition, inWords, onlyOne } from './condition.js';
import { nameOf } from './subject-name.js';

/** How long the oldest task that has not started waits. */
export const backlogAge: Condition<'backlog_age'> = {
  read: async ({ ctx, nowMs }, { agent_id, seconds }, open) => {
    const shards = agent_id === null ? [...ctx.queues.keys()] : [shardOfAgent(agent_id, ctx.queues.length)];
    const heads = await Promise.all(
      shards.map((shard) =>
        ctx.redis.zrangebyscore(
          keys.taskIndex(shard, agent_id ?? ALL_AGENTS, 'PENDING'),
          '-inf',
          '+inf',
          'WITHSCORES',
          'LIMIT',
          0,
          1,
        ),
      ),
    );
    const [oldest] = heads
      .flatMap(([taskId, ms]) => (taskId === undefined ? [] : [{ taskId, ms: Number(ms) }]))
      .sort((a, b) => a.ms - b.ms);
    const age = oldest ? (nowMs - oldest.ms) / 1000 : 0;
    if (!oldest || age < seconds) return onlyOne(undefined, open);
    const text = async () =>
      `${await nameOf(ctx, agent_id)}: a task has waited for its start for ${inWords(age)} (limit ${inWords(seconds)}).`;
    return onlyOne({ agentId: agent_id, taskId: oldest.taskId, text }, open);
  },
};
