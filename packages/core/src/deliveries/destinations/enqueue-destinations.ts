import { type CallbackType, nameOf } from '@agenthook/contracts';
import type { VersionCache } from '../../agents/version-cache.js';
import type { Context } from '../../context.js';
import { destinationIdOf } from '../../queue/delivery-id.js';
import type { EndedTask } from '../../queue/ended-task.js';
import { DESTINATIONS_FIELD } from '../../queue/job.js';
import { keys } from '../../redis/keys.js';
import { createDelivery } from '../delivery-log.js';
import { addDeliveryJob } from '../enqueue-callback.js';
import { receiverOf } from './kinds/index.js';

/**
 * Ensures that the end of a task goes to the destinations of its agent's version. Callers retry until it
 * resolves; there is still only one delivery for each destination. The test of a draft has none.
 */
export async function enqueueDestinations(
  ctx: Context,
  versions: VersionCache,
  task: Pick<EndedTask, 'shard' | 'task_id' | 'agent_id' | 'agent_version' | 'status' | 'draft'>,
): Promise<void> {
  const { shard, task_id, agent_id, agent_version, status, draft } = task;
  if (draft) return;
  const { destinations = [] } = (await versions(agent_id, agent_version)) ?? {};
  const end = status === 'SUCCESS' ? 'success' : 'failure';
  const wanted = destinations.filter(({ on }) => on === undefined || on.includes(end));
  if (wanted.length === 0) return;
  const ids = wanted.map((each) => destinationIdOf(task_id, nameOf(each)));
  await ctx.redis.hset(keys.job(shard, task_id), DESTINATIONS_FIELD, ids.join(' '));
  const type: CallbackType = status === 'SUCCESS' ? 'task.succeeded' : 'task.failed';
  for (const [n, config] of wanted.entries()) {
    const id = ids[n] ?? '';
    const created = await createDelivery(ctx, shard, {
      id,
      agentId: agent_id,
      type,
      url: receiverOf(config),
      destination: { name: nameOf(config), type: config.type },
    });
    if (created.status === 'pending') await addDeliveryJob(ctx, shard, id, created.pending);
  }
}
