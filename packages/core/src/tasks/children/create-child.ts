import type { ChildCall, ToolStartedEntry } from '@agenthook/contracts';
import { AGENT } from '../../agents/agent-hash.js';
import { parseGate } from '../../agents/stored/parse-gate.js';
import type { VersionCache } from '../../agents/version-cache.js';
import type { Context } from '../../context.js';
import type { About } from '../../queue/job.js';
import { redisClock, redisTime } from '../../redis/clock.js';
import { keys } from '../../redis/keys.js';
import { enqueue, type NewTask } from '../enqueue.js';
import { maskNewTask } from '../mask-task.js';
import { childLimits } from './child-limits.js';

/** A task that calls others. */
export interface CallingTask {
  id: string;
  shard: number;
  /** The agents of the tasks above it and its own, from the first on. */
  agents: string[];
  rehearsal: boolean;
  /** The task whose end made it, also indirectly. */
  relay: About['relay'];
}

/**
 * Creates the task of a call, unless it exists: its id follows from the call. Returns false if its agent was
 * deleted meanwhile.
 */
export async function createChild(
  ctx: Context,
  versions: VersionCache,
  { id, agents, rehearsal, relay }: CallingTask,
  { arguments: args, child }: ToolStartedEntry & { child: ChildCall },
): Promise<boolean> {
  const { agent_id, task_id, call_id, limits, expires_ms, is_wrapped } = child;
  const gateJson = await ctx.redis.hget(keys.agent(agent_id), AGENT.gate);
  const gate = gateJson === null ? undefined : parseGate(gateJson);
  const config = gate && (await versions(agent_id, gate.version));
  if (!gate || !config) return false;
  const parent: NonNullable<About['parent']> = { task: id, call: call_id, agents };
  const task: NewTask = {
    data: {
      agent_id,
      agent_version: gate.version,
      payload: is_wrapped ? (args as { payload?: unknown }).payload : args,
      headers: {},
      overrides: { limits: childLimits(config.limits, limits, expires_ms - ctx.now()) },
      ...(rehearsal && { rehearsal }),
    },
    trigger: 'agent',
    parent,
    ...(relay && { relay }),
    taskId: task_id,
    maxAttempts: gate.max_attempts,
    view: gate,
    retention: gate.retention,
    redisNow: redisClock(await redisTime(ctx.redis)),
  };
  await enqueue(ctx, await maskNewTask(ctx, gate.masks, task));
  return true;
}
