import {
  type CallbackType,
  type Delivery,
  type DeliveryAttempt,
  type DeliveryReason,
  type DeliveryStatus,
  MAX_DELIVERIES,
} from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { taskOfDelivery } from './delivery-id.js';

/** How much longer than results entries are kept: longer than any wait between two attempts. */
const GRACE_SECONDS = 2 * 86_400;
/** How many attempts an entry keeps: a round has ten, and rounds can be repeated. */
const ATTEMPTS_KEPT = 20;
/** How many hex digits of a log's member are the time of its making, in ms. */
const TIME_DIGITS = 12;

const ttlSeconds = (ctx: Context): number => ctx.resultTtlSeconds + GRACE_SECONDS;

/** What stands in an agent's log for an entry: members sort by the time of their making. */
const memberOf = (id: string, createdMs: number): string =>
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

/** Takes a pending delivery up, for who holds the lock on its job; counts how often. */
const claimScript = defineScript<(string | null)[] | null>(`
if redis.call('GET', KEYS[2]) ~= ARGV[1] or redis.call('HGET', KEYS[1], 'status') ~= 'pending' then return nil end
redis.call('HINCRBY', KEYS[1], 'claims', 1)
return redis.call('HMGET', KEYS[1], 'agent_id', 'type', 'url', 'created_ms', 'next_ms', 'made', 'claims', 'attempts')`);

/** A pending delivery in the hands of a worker. */
export interface ClaimedDelivery {
  id: string;
  shard: number;
  taskId: string;
  /** The worker's lock on its job. */
  token: string;
  agentId: string;
  url: string;
  createdMs: number;
  /** When its next attempt is due. */
  nextMs: number;
  /** Attempts of this round that have failed. */
  made: number;
  /** How often a worker has taken it up in this round. */
  claims: number;
  attempts: DeliveryAttempt[];
}

/** Takes a delivery up; undefined where there is nothing to do any more, or the lock is another's. */
export async function claimDelivery(
  ctx: Context,
  id: string,
  token: string,
): Promise<ClaimedDelivery | undefined> {
  const task = taskOfDelivery(id, ctx.callbacks.length);
  if (!task) return undefined;
  const { shard, taskId } = task;
  const row = await claimScript(ctx.redis, [keys.delivery(shard, id), keys.deliveryLock(shard, id)], [token]);
  if (!row) return undefined;
  const [agentId, , url, created, next, made, claims, attempts] = row;
  return {
    id,
    shard,
    taskId,
    token,
    agentId: agentId ?? '',
    url: url ?? '',
    createdMs: Number(created),
    nextMs: Number(next),
    made: Number(made ?? 0),
    claims: Number(claims),
    attempts: JSON.parse(attempts ?? '[]') as DeliveryAttempt[],
  };
}

/** Writes what became of a delivery that was taken up. Returns 0, and writes nothing, when the lock is another's. */
const settleScript = defineScript<0 | 1>(`
local entry, lock, log, pending = unpack(KEYS)
local token, status, reason, url, attempts, made, next, agent, member, ttl = unpack(ARGV)
if redis.call('GET', lock) ~= token then return 0 end
redis.call('HSET', entry, 'status', status, 'url', url, 'attempts', attempts, 'made', made, 'next_ms', next)
redis.call('EXPIRE', entry, ttl)
if status == 'pending' then return 1 end
redis.call('HDEL', entry, 'next_ms')
if reason ~= '' then redis.call('HSET', entry, 'reason', reason) end
if redis.call('HINCRBY', pending, agent, -1) <= 0 then redis.call('HDEL', pending, agent) end
if not redis.call('ZSCORE', log, member) then redis.call('HDEL', entry, 'attempts') end
return 1`);

/** What became of a delivery: it waits for its next attempt, or has ended. */
export type Settlement =
  | { status: 'pending'; nextMs: number }
  | { status: 'delivered' }
  | { status: 'failed' | 'skipped'; reason: DeliveryReason };

/** Writes what became of a delivery. Throws when it is another worker's by now. */
export async function settleDelivery(
  ctx: Context,
  delivery: ClaimedDelivery,
  url: string,
  attempt: DeliveryAttempt | undefined,
  settlement: Settlement,
): Promise<void> {
  const { id, shard, agentId } = delivery;
  const attempts = attempt ? [...delivery.attempts, attempt].slice(-ATTEMPTS_KEPT) : delivery.attempts;
  const written = await settleScript(
    ctx.redis,
    [
      keys.delivery(shard, id),
      keys.deliveryLock(shard, id),
      keys.deliveries(shard, agentId),
      keys.pendingDeliveries(shard),
    ],
    [
      delivery.token,
      settlement.status,
      'reason' in settlement ? settlement.reason : '',
      url,
      JSON.stringify(attempts),
      delivery.made + (attempt ? 1 : 0),
      'nextMs' in settlement ? settlement.nextMs : 0,
      agentId,
      memberOf(id, delivery.createdMs),
      ttlSeconds(ctx),
    ],
  );
  if (written === 0) throw new Error(`the lock on delivery ${id} is another worker's`);
}

/** Begins a new round of attempts, at once. Returns how many its agent has pending, or nil when it is not the agent's. */
const renewScript = defineScript<number | null>(`
local entry, pending = unpack(KEYS)
local agent, url, now, ttl = unpack(ARGV)
local row = redis.call('HMGET', entry, 'agent_id', 'status')
if row[1] ~= agent then return nil end
redis.call('HSET', entry, 'status', 'pending', 'url', url, 'made', 0, 'claims', 0, 'next_ms', now)
redis.call('HDEL', entry, 'reason')
redis.call('EXPIRE', entry, ttl)
if row[2] == 'pending' then return tonumber(redis.call('HGET', pending, agent) or 1) end
return redis.call('HINCRBY', pending, agent, 1)`);

/** Begins a new round of a delivery's attempts. Returns how many its agent has pending; undefined where it has none such. */
export async function renewDelivery(
  ctx: Context,
  shard: number,
  delivery: { id: string; agentId: string; url: string },
): Promise<number | undefined> {
  const { id, agentId, url } = delivery;
  const redisKeys = [keys.delivery(shard, id), keys.pendingDeliveries(shard)];
  return (await renewScript(ctx.redis, redisKeys, [agentId, url, ctx.now(), ttlSeconds(ctx)])) ?? undefined;
}

const iso = (ms: string | undefined): string | null => (ms ? new Date(Number(ms)).toISOString() : null);

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
        next_attempt_at: iso(row.next_ms),
        created_at: iso(row.created_ms) ?? '',
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
