import type { Context } from '../context.js';
import { EVERYTHING, MODELS, pausesOfModel } from '../pauses/pause-names.js';
import { ALL_AGENTS, keys, taskPrefix } from '../redis/keys.js';
import type { Lease } from './leases.js';
import { parkingKeys } from './parking-keys.js';
import { startScript } from './start.script.js';

/**
 * `agent_paused`, `paused`: the agent, or its models or everything, is paused, and the task was put aside.
 * `parked`: the agent is at max_concurrency, and
 * the task was put aside; or another worker holds it.
 * `withdrawn`: the caller was told that the task is not stored, and the task no longer exists.
 */
export type Start = 'runs' | 'agent_paused' | 'paused' | 'parked' | 'cancelled' | 'superseded' | 'withdrawn';

/**
 * Records the start of a task, or parks it. Times are in ms. With `waitsForPause`, the task waits while its
 * agent's breaker has paused it; with `models`, while a person has paused its agent, all these models, or
 * everything. A task of a conversation waits for its turn.
 */
export async function noteStart(
  ctx: Context,
  task: Lease & {
    createdMs: number;
    startedMs: number;
    waitsForPause?: boolean;
    models?: readonly string[];
    conversation?: string | undefined;
  },
): Promise<Start> {
  const { shard, id, agentId } = task;
  return await startScript(
    ctx.redis,
    {
      ...parkingKeys(shard, id),
      leases: keys.leases(shard, agentId),
      parked: keys.parked(shard, agentId),
      parking: keys.parking(shard),
      allPending: keys.taskIndex(shard, ALL_AGENTS, 'PENDING'),
      allStarted: keys.taskIndex(shard, ALL_AGENTS, 'STARTED'),
      agentPending: keys.taskIndex(shard, agentId, 'PENDING'),
      agentStarted: keys.taskIndex(shard, agentId, 'STARTED'),
      events: keys.queueEvents(shard),
      paused: keys.paused(shard, agentId),
      pauses: keys.pauses(shard),
      held: keys.held(shard, agentId),
      heldByAll: keys.held(shard, EVERYTHING),
      heldByModel: keys.held(shard, MODELS),
      holding: keys.holding(shard),
    },
    {
      id,
      agent: agentId,
      token: task.token,
      created: task.createdMs,
      started: task.startedMs,
      max: task.maxConcurrency,
      prefix: taskPrefix(shard),
      waits: task.waitsForPause ?? false,
      conversation: task.conversation ?? '',
      heeds: task.models !== undefined,
      models: task.models?.flatMap(pausesOfModel) ?? [],
    },
  );
}
