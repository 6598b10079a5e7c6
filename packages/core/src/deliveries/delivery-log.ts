import {
  type CallbackType,
  type Delivery,
  type DeliveryAttempt,
  type DeliveryReason,
  type DeliveryStatus,
  isoOrNull,
  MAX_DELIVERIES,
} from '@agenthook/contracts';
import type { Context } from '../context.js';
import { taskOfDelivery } from '../queue/delivery-id.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';

/** How much longer than results entries are kept: longer than any wait between two attempts. */
const GRACE_SECONDS = 2 * 86_400;
/** How many hex digits of a log's member are the time of its making, in ms. */
const TIME_DIGITS = 12;

/** How long an entry is kept from now on, in seconds. */
export const ttlSeconds = (ctx: Context): number => ctx.resultTtlSeconds + GRACE_SECONDS;

/** What stands in an agent's log for an entry: members sort by the time of their making. */
export const memberOf = (id: string, createdMs: number): string =>
  createdMs.toString(16).padStart(TIME_DIGITS, '0') + id;

/**
 * Makes the entry of a delivery, once: one that is there stays as it is, so that a task has one delivery however often
 * its end is told. What leaves the log, because it is too long or the entry has expired, keeps no attempts. Returns the
 * status, and how many deliveries of the agent are pending.
 */
const createScript = defineScript<[DeliveryStatus, number]>(`
local entry, log, pending = unpack(KEYS)
local agent, kind, url, status, reason, created, member, most, ttl, prefix = unpack(ARGV)
local known = redis.call('HGET', entry, 'status')
if known then return { known, tonumber(redis.call('HGET', pending, agent) or 0) } end
redis.call('HSET', entry, 'agent_id', agent, 'type', kind, 'url', url, 'status', status, 'created_ms', created)
if reason ~= '' then redis.call('HSET', entry, 'reason', reason) end
redis.call('EXPIRE', entry, ttl)
redis.call('ZADD', log, 0, member)
redis.call('EXPIRE', log, ttl)
for _ = 1, 10 do
  local oldest = redis.call('ZRANGE', log, 0, 0)[1]
  local key = prefix .. string.sub(oldest, ${TIME_DIGITS + 1})
  local state = redis.call('HGET', key, 'status')
  if state and redis.call('ZCARD', log) <= tonumber(most) then break end
  redis.call('ZREM', log, oldest)
  if state and state ~= 'pending' then redis.call('HDEL', key, 'attempts') end
end
if status ~= 'pending' then return { status, 0 } end
redis.call('HSET', entry, 'next_ms', created)
return { status, redis.call('HINCRBY', pending, agent, 1) }`);

/** Makes the entry of a task's delivery unless there is one. Returns its status, and how many its agent has pending. */
export async function createDelivery(
  ctx: Context,
  shard: number,
  entry: { id: string; agentId: string; type: CallbackType; url: string; skipped?: DeliveryReason },
): Promise<{ status: DeliveryStatus; pending: number }> {
  const { id, agentId } = entry;
  const now = ctx.now();
  const [status, pending] = await createScript(
    ctx.redis,
    [keys.delivery(shard, id), keys.deliveries(shard, agentId), keys.pendingDeliveries(shard)],
    [
      agentId,
      entry.type,
      entry.url,
      entry.skipped ? 'skipped' : 'pending',
      entry.skipped ?? '',
      now,
      memberOf(id, now),
      MAX_DELIVERIES,
      ttlSeconds(ctx),
      keys.deliveryPrefix(shard),
    ],
  );
  return { status, pending };
}

/** Reads entries of the log in the order of `ids`; those that have expired are left out. */
export async function readDeliveries(ctx: Context, shard: number, ids: string[]): Promise<Delivery[]> {
  const rows = await Promise.all(ids.map((id) => ctx.redis.hgetall(keys.delivery(shard, id))));
  return rows.flatMap((row, n): Delivery[] => {
    const id = ids[n] ?? '';
    if (!row.status) return [];
    return [
      {
        id,
        task_id: taskOfDelivery(id, ctx.callbacks.length)?.taskId ?? '',
        agent_id: row.agent_id ?? '',
        type: row.type as CallbackType,
        url: row.url ?? '',
        status: row.status as DeliveryStatus,
        reason: (row.reason as DeliveryReason | undefined) ?? null,
        attempts: JSON.parse(row.attempts ?? '[]') as DeliveryAttempt[],
        next_attempt_at: isoOrNull(row.next_ms),
        created_at: isoOrNull(row.created_ms) ?? '',
      },
    ];
  });
}

/** A page of an agent's log, newest first: members after `cursor`. O(log n + limit). */
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
  return members.map((member) => ({ member, id: member.slice(TIME_DIGITS) }));
}
