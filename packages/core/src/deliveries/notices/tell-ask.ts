import { readCallback } from '../../agents/agent-callback.js';
import { readChannels } from '../../channels/channel-store.js';
import type { Context } from '../../context.js';
import { askDeliveryIdOf } from '../../queue/delivery-id.js';
import { keys } from '../../redis/keys.js';
import { noteToldScript } from '../../tasks/asking/note-told.script.js';
import { readAsked } from '../../tasks/asking/read-asked.js';
import { createDelivery } from '../delivery-log.js';
import { addDeliveryJob } from '../enqueue-callback.js';
import { noticeId, tellChannel } from './tell-channel.js';

/**
 * Ensures that an ask of a task is told to the callback of its agent and to the channels that it names, each
 * once. Callers retry until it resolves. The test of a draft is told to nobody.
 *
 * @param place the id of the ask's journal entry
 */
export async function tellAsk(ctx: Context, shard: number, taskId: string, place: string): Promise<void> {
  const found = await readAsked(ctx, shard, taskId, place);
  if (!found || found.about.draft) return;
  const { asked, about } = found;
  const [callback, channels] = await Promise.all([
    readCallback(ctx, about.agent),
    asked.notify?.length ? readChannels(ctx) : undefined,
  ]);
  const told = (asked.notify ?? []).flatMap((name) => channels?.get(name) ?? []);
  for (const name of asked.notify ?? [])
    if (!channels?.has(name))
      ctx.log.warn({ task_id: taskId, channel: name }, 'a notify channel that an agent names does not exist');
  const content = { kind: 'ask', task: taskId, place } as const;
  const event = `ask ${taskId} ${place}`;
  const id = askDeliveryIdOf(taskId, place);
  const ids = [...('url' in callback ? [id] : []), ...told.map((channel) => noticeId(channel.id, event))];
  if (ids.length === 0) return;
  // First: what is created after the task was erased has no content, and expires.
  await noteToldScript(ctx.redis, { job: keys.job(shard, taskId) }, { ids });
  if ('url' in callback) {
    const { status, pending } = await createDelivery(ctx, shard, {
      id,
      agentId: about.agent,
      type: 'task.action_required',
      url: callback.url,
      about: JSON.stringify(content),
      ...(callback.state === 'callback_disabled' && { skipped: callback.state }),
    });
    if (status === 'pending') await addDeliveryJob(ctx, shard, id, pending);
  }
  await Promise.all(
    told.map((channel) => tellChannel(ctx, channel, { type: 'task.action_required', event, about: content })),
  );
}
