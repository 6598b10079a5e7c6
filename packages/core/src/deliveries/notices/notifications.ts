import { randomUUID } from 'node:crypto';
import { sleep } from '@agenthook/async';
import type { Notification, NotificationList } from '@agenthook/contracts';
import { findChannel } from '../../channels/channel-store.js';
import type { Context } from '../../context.js';
import { AppError, badCursor } from '../../errors.js';
import { fillPage } from '../../redis/fill-page.js';
import { pageOfDeliveries, readNotifications } from '../delivery-log.js';
import { isMember } from '../log-member.js';
import { NOTICE_SHARD, tellChannel } from './tell-channel.js';

/** How long a test waits for its attempt, and how often it looks, in ms. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 50;

/**
 * Sends a test message through a channel by a worker, as every message goes, with one attempt. Returns the
 * message with that attempt; without one if no worker has made it in time. Throws `unknown_channel`.
 */
export async function testChannel(ctx: Context, idOrName: string): Promise<Notification> {
  const channel = await findChannel(ctx, idOrName);
  const about = { kind: 'test', name: channel.name } as const;
  const id = await tellChannel(ctx, channel, { type: 'test', event: `test ${randomUUID()}`, about });
  for (const end = performance.now() + PATIENCE_MS; ; await sleep(LOOK_MS)) {
    const [found] = await readNotifications(ctx, NOTICE_SHARD, [id]);
    if (!found) throw new AppError('unknown_channel');
    if (found.status !== 'pending' || performance.now() > end) return found;
  }
}

/** A page of what a channel was told, newest first. Throws `unknown_channel`, `invalid_request`. */
export async function listNotifications(
  ctx: Context,
  idOrName: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<NotificationList> {
  const { id } = await findChannel(ctx, idOrName);
  if (cursor !== undefined && !isMember(cursor)) throw badCursor();
  const { items, next } = await fillPage(
    limit,
    cursor === undefined ? undefined : { member: cursor, id: '' },
    (after, count) => pageOfDeliveries(ctx, NOTICE_SHARD, id, count, after?.member),
    (places) =>
      readNotifications(
        ctx,
        NOTICE_SHARD,
        places.map((place) => place.id),
      ),
  );
  return { notifications: items, next_cursor: next?.member ?? null };
}
