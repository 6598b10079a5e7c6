import type { Context } from '../context.js';
import { memberOf } from '../deliveries/log-member.js';
import { AppError } from '../errors.js';
import { removeRejectionOf } from '../intake/rejection-store.js';
import { deliveryIdOf } from '../queue/delivery-id.js';
import { aboutOf, OPTIONS_FIELD } from '../queue/job.js';
import { shardOf } from '../queue/task-id.js';
import { keys, shardPrefix, taskPrefix, textHash } from '../redis/keys.js';
import { unknownTask } from '../tasks/status.js';
import { eraseTaskScript } from './erase-task.script.js';

/** What became of the erasing of a task: it is gone, was not there (any more), or has not ended. */
export type Erased = 'erased' | 'unknown' | 'open';

/** In place of the agent of a task that does not say it: no agent has this id, and nothing is found under it. */
const NOBODY = 'nobody';

/** What has to be known of a task to find all that is kept of it. */
interface Found {
  agentId: string;
  givenKey: string;
  byRejection: boolean;
  deliveryCreatedMs: number | undefined;
}

/**
 * Erases tasks of a shard for good, with their payloads, results, logs, deliveries and idempotency keys. What lies in
 * another slot goes first, so that a call that was broken off is finished by the next one. Answers in the order of the ids.
 *
 * @param agentId whose they are, where it is known: an expired task does not say it
 */
export async function eraseEnded(
  ctx: Context,
  shard: number,
  taskIds: readonly string[],
  agentId = NOBODY,
): Promise<Erased[]> {
  const found = await find(ctx, shard, taskIds, agentId);
  return await Promise.all(
    taskIds.map((id, index) => erase(ctx, shard, id, found[index] ?? { ...NOTHING, agentId })),
  );
}

const NOTHING: Found = { agentId: NOBODY, givenKey: '', byRejection: false, deliveryCreatedMs: undefined };

async function find(
  ctx: Context,
  shard: number,
  taskIds: readonly string[],
  agentId: string,
): Promise<Found[]> {
  const batch = ctx.redis.pipeline();
  for (const id of taskIds) {
    batch.hmget(keys.job(shard, id), OPTIONS_FIELD, 'finishedOn');
    batch.hmget(keys.delivery(shard, deliveryIdOf(id)), 'agent_id', 'created_ms');
  }
  const rows = ((await batch.exec()) ?? []).map(([error, row]) => {
    if (error) throw error;
    return row as (string | null)[];
  });
  return taskIds.map((_, index) => {
    const [options, finishedOn] = rows[2 * index] ?? [];
    const [deliveryAgent, createdMs] = rows[2 * index + 1] ?? [];
    const about = aboutOf(options);
    return {
      agentId: about?.agent ?? deliveryAgent ?? agentId,
      givenKey: about?.key ?? '',
      byRejection: about?.trigger === 'rejection' && Boolean(finishedOn),
      deliveryCreatedMs: createdMs ? Number(createdMs) : undefined,
    };
  });
}

async function erase(ctx: Context, shard: number, id: string, found: Found): Promise<Erased> {
  const { agentId, givenKey, byRejection, deliveryCreatedMs } = found;
  const deliveryId = deliveryIdOf(id);
  if (byRejection) await removeRejectionOf(ctx, agentId, id);
  const erased = await eraseTaskScript(
    ctx.redis,
    {
      job: keys.job(shard, id),
      lock: keys.jobLock(shard, id),
      log: keys.taskLog(shard, id),
      completed: keys.completedJobs(shard),
      failed: keys.failedJobs(shard),
      ended: keys.ended(shard),
      ids: keys.indexedIds(shard),
      given: keys.indexedKey(shard, textHash(givenKey)),
      delivery: keys.delivery(shard, deliveryId),
      deliveries: keys.deliveries(shard, agentId),
      pending: keys.pendingDeliveries(shard),
    },
    {
      id,
      root: `${shardPrefix(shard)}:`,
      prefix: taskPrefix(shard),
      agent: agentId,
      member: deliveryCreatedMs === undefined ? '' : memberOf(deliveryId, deliveryCreatedMs),
    },
  );
  // Its job holds an id alone, and finds nothing to do: where a worker has it in hand, it goes by itself.
  if (deliveryCreatedMs !== undefined && erased !== 'open') await ctx.callbacks[shard]?.remove(deliveryId);
  return erased;
}

/**
 * Erases a task that has ended, for good: payload, result, log, callback delivery, idempotency key, and the refused request
 * that it was made of. Counters stay. Throws `unknown_task`, `task_not_finished`.
 */
export async function eraseTask(ctx: Context, taskId: string): Promise<void> {
  const shard = shardOf(taskId, ctx.queues.length);
  if (shard === undefined) throw unknownTask();
  const [erased] = await eraseEnded(ctx, shard, [taskId]);
  if (erased === 'unknown') throw unknownTask();
  if (erased === 'open') {
    throw new AppError('task_not_finished');
  }
}
