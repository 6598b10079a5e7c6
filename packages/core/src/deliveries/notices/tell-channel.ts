import { hash } from 'node:crypto';
import type { NoticeType } from '@agenthook/contracts';
import type { StoredChannel } from '../../channels/stored-channel.js';
import type { Context } from '../../context.js';
import { noticeIdOf } from '../../queue/delivery-id.js';
import { createDelivery } from '../delivery-log.js';
import { addDeliveryJob } from '../enqueue-callback.js';
import type { NoticeAbout } from './content.js';
import { receiverOf } from './send-message.js';

/** Messages to channels are in the first shard. */
export const NOTICE_SHARD = 0;

/** The id of the message that tells an event to a channel: the same event is told once. */
export const noticeId = (channelId: string, event: string): string =>
  noticeIdOf(hash('sha256', `${channelId} ${event}`, 'hex').slice(0, 32));

/**
 * Ensures that a channel is told an event. Callers retry until it resolves; the channel is still told once.
 * Returns the id of the message.
 *
 * @param event names the event
 */
export async function tellChannel(
  ctx: Context,
  channel: StoredChannel,
  { type, event, about }: { type: NoticeType; event: string; about: NoticeAbout },
): Promise<string> {
  const id = noticeId(channel.id, event);
  const { status, pending } = await createDelivery(ctx, NOTICE_SHARD, {
    id,
    agentId: channel.id,
    type,
    url: receiverOf(channel),
    about: JSON.stringify(about),
  });
  if (status === 'pending') await addDeliveryJob(ctx, NOTICE_SHARD, id, pending);
  return id;
}
