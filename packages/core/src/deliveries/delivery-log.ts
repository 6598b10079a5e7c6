import {
  type CallbackType,
  type Delivery,
  type DeliveryAttempt,
  type DeliveryReason,
  type DeliveryStatus,
  type DestinationType,
  iso,
  isoOrNull,
  MAX_DELIVERIES,
  type NoticeType,
  type Notification,
} from '@agenthook/contracts';
import type { Context } from '../context.js';
import { taskOfDelivery } from '../queue/delivery-id.js';
import { keys } from '../redis/keys.js';
import { listOf, timeOf } from '../redis/stored-row.js';
import { createDeliveryScript } from './create-delivery.script.js';
import { deliveryIdOf, memberOf } from './log-member.js';

/** How much longer than results entries are kept, in seconds: longer than any delay between two attempts. */
const GRACE_SECONDS = 2 * 86_400;

/** How long an entry is kept from now on, in seconds. */
export const ttlSeconds = (ctx: Context): number => ctx.resultTtlSeconds + GRACE_SECONDS;

/**
 * Creates the entry of a delivery unless it exists. Returns its status, and the number of the receiver's
 * pending deliveries. `agentId`: or the id of the notify channel that gets it.
 */
export async function createDelivery(
  ctx: Context,
  shard: number,
  entry: {
    id: string;
    agentId: string;
    type: CallbackType | NoticeType;
    url: string;
    /** What it tells, as JSON. Missing for the end of a task. */
    about?: string;
    skipped?: DeliveryReason;
    destination?: Delivery['destination'];
  },
): Promise<{ status: DeliveryStatus; pending: number }> {
  const { id, agentId } = entry;
  const now = ctx.now();
  const [status, pending] = await createDeliveryScript(
    ctx.redis,
    {
      entry: keys.delivery(shard, id),
      log: keys.deliveries(shard, agentId),
      pending: keys.pendingDeliveries(shard),
    },
    {
      owner: agentId,
      kind: entry.type,
      url: entry.url,
      status: entry.skipped ? 'skipped' : 'pending',
      reason: entry.skipped ?? '',
      created: now,
      member: memberOf(id, now),
      most: MAX_DELIVERIES,
      ttl: ttlSeconds(ctx),
      prefix: keys.deliveryPrefix(shard),
      about: entry.about ?? '',
    },
  );
  const { destination } = entry;
  if (destination) {
    const { name, type } = destination;
    await ctx.redis.hset(keys.delivery(shard, id), { destination: name, destination_type: type });
  }
  return { status: status as DeliveryStatus, pending };
}

/** Reads log entries in the order of `ids`. Leaves out expired ones. */
export async function readDeliveries(ctx: Context, shard: number, ids: string[]): Promise<Delivery[]> {
  const rows = await Promise.all(ids.map((id) => ctx.redis.hgetall(keys.delivery(shard, id))));
  return rows.flatMap((row, n): Delivery[] => {
    const id = ids[n] ?? '';
    if (!row.status) return [];
    return [
      {
        id,
        task_id: taskOfDelivery(id, ctx.callbacks.length)?.taskId ?? null,
        agent_id: row.agent_id ?? '',
        type: row.type as CallbackType,
        url: row.url ?? '',
        ...(row.destination && {
          destination: { name: row.destination, type: row.destination_type as DestinationType },
        }),
        status: row.status as DeliveryStatus,
        reason: (row.reason as DeliveryReason | undefined) ?? null,
        attempts: listOf<DeliveryAttempt>(row.attempts),
        next_attempt_at: isoOrNull(timeOf(row.next_ms)),
        created_at: iso(timeOf(row.created_ms) ?? 0),
      },
    ];
  });
}

/** The same for messages to a notify channel. */
export async function readNotifications(ctx: Context, shard: number, ids: string[]): Promise<Notification[]> {
  const rows = await Promise.all(ids.map((id) => ctx.redis.hgetall(keys.delivery(shard, id))));
  return rows.flatMap((row, n): Notification[] => {
    if (!row.status) return [];
    return [
      {
        id: ids[n] ?? '',
        channel_id: row.agent_id ?? '',
        type: row.type as NoticeType,
        receiver: row.url ?? '',
        task_id: (JSON.parse(row.about ?? '{}') as { task?: string | null }).task ?? null,
        status: row.status as DeliveryStatus,
        reason: (row.reason as DeliveryReason | undefined) ?? null,
        attempts: listOf<DeliveryAttempt>(row.attempts),
        next_attempt_at: isoOrNull(timeOf(row.next_ms)),
        created_at: iso(timeOf(row.created_ms) ?? 0),
      },
    ];
  });
}

/** A page of an agent's log, newest first, after `cursor`. O(log n + limit). */
export async function pageOfDeliveries(
  ctx: Context,
  shard: number,
  agentId: string,
  limit: number,
  cursor?: string,
): Promise<{ member: string; id: string }[]> {
  const from = cursor === undefined ? '+' : `(${cursor}`;
  const members = await ctx.redis.zrevrangebylex(
    keys.deliveries(shard, agentId),
    from,
    '-',
    'LIMIT',
    0,
    limit,
  );
  return members.map((member) => ({ member, id: deliveryIdOf(member) }));
}
