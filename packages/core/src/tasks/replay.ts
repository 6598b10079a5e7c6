import { AGENT, type AgentGate } from '../agents/agent-hash.js';
import { readVersion } from '../agents/version-store.js';
import type { Context } from '../context.js';
import { AppError, unknownAgent, unknownVersion } from '../errors.js';
import { aboutOf, OPTIONS_FIELD, payloadOf, type TaskData } from '../queue/job.js';
import { shardOf } from '../queue/task-id.js';
import { redisClock, redisTime } from '../redis/clock.js';
import { keys } from '../redis/keys.js';
import { conversationOfEvent } from './conversations/conversation-of-event.js';
import { enqueue } from './enqueue.js';
import { noteReplayScript } from './note-replay.script.js';
import { unknownTask } from './status.js';

/**
 * Creates a new task from another task's payload, whether or not that task has ended, and returns its id. It
 * runs the agent's current version or the other task's version. If the other task belongs to a conversation,
 * so does the new one, as its next event.
 *
 * Throws `unknown_task`; `unknown_agent` if the agent was deleted; `unknown_version` if the other task's
 * version was dropped; `agent_disabled`.
 */
export async function replayTask(
  ctx: Context,
  taskId: string,
  version: 'current' | 'original',
): Promise<string> {
  const shard = shardOf(taskId, ctx.queues.length);
  if (shard === undefined) throw unknownTask();
  const job = keys.job(shard, taskId);
  const [json, options] = await ctx.redis.hmget(job, 'data', OPTIONS_FIELD);
  if (!json) throw unknownTask();
  const original = JSON.parse(json) as TaskData;
  const { agent_id, headers, query, files, rehearsal } = original;

  const [gateJson, config] = await Promise.all([
    ctx.redis.hget(keys.agent(agent_id), AGENT.gate),
    version === 'original' ? readVersion(ctx, agent_id, original.agent_version) : undefined,
  ]);
  if (gateJson === null) throw unknownAgent(agent_id);
  if (version === 'original' && !config) throw unknownVersion(agent_id, original.agent_version);
  const gate = JSON.parse(gateJson) as AgentGate;
  if (gate.status === 'disabled') throw new AppError('agent_disabled', 'The agent of this task is disabled.');

  const redisNow = redisClock(await redisTime(ctx.redis));
  const payload = payloadOf(original);
  const { conversation } = config ?? gate;
  const id = await enqueue(ctx, {
    ...(conversation &&
      aboutOf(options)?.conversation !== undefined &&
      (await conversationOfEvent(
        ctx,
        agent_id,
        conversation,
        { payload, headers, query: query ?? {} },
        rehearsal ?? false,
      ))),
    data: {
      agent_id,
      agent_version: config?.version ?? gate.version,
      payload,
      headers,
      ...(query && { query }),
      ...(files && { files }),
      replay_of: taskId,
      ...(rehearsal && { rehearsal }),
    },
    ...(files && { files: { of: taskId } }),
    trigger: 'replay',
    maxAttempts: config?.limits.max_attempts ?? gate.max_attempts,
    view: config ?? gate,
    redisNow,
  });
  // The task is stored, so the caller gets its id even if the original task cannot record it.
  await noteReplayScript(ctx.redis, { job }, { replay: id }).catch((error) =>
    ctx.log.warn({ err: error, task_id: id }, 'a replay is not noted at its origin'),
  );
  return id;
}
