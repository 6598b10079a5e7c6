import { type BudgetRefusal, iso, type WaitReason } from '@agenthook/contracts';
import type { Job } from 'bullmq';
import type { Context } from '../context.js';
import type { TaskData } from '../queue/job.js';
import { keys } from '../redis/keys.js';
import { parkUnfundedScript } from './park-unfunded.script.js';
import { parkingKeys } from './parking-keys.js';
import type { HeldTask } from './run-alone.js';
import { logSeconds } from './task-log.js';

/**
 * Parks a running task whose budget is used up, with its reason for status polls. `lost`: another worker
 * holds it. `cancelled`: it is to be cancelled, and is still held.
 *
 * @param delayMs how long it waits at most, in ms
 */
export async function parkUnfunded(
  ctx: Context,
  { shard, id, token }: HeldTask,
  { data, timestamp }: Job<TaskData>,
  { scope, limit, until_ms, isBusy }: BudgetRefusal,
  delayMs: number,
) {
  const waitsFor: WaitReason = { kind: 'budget', scope, limit, until: iso(until_ms) };
  return await parkUnfundedScript(
    ctx.redis,
    {
      ...parkingKeys(shard, id),
      log: keys.taskLog(shard, id),
      marker: keys.queueMarker(shard),
      unfunded: keys.unfunded(shard, data.agent_id),
      agents: keys.unfundedAgents(shard),
    },
    {
      id,
      token,
      agent: data.agent_id,
      created: timestamp,
      delay: delayMs,
      waitsFor: JSON.stringify(waitsFor),
      ttl: logSeconds(ctx),
      // What others have reserved is free again in a moment.
      called: !isBusy,
    },
  );
}
