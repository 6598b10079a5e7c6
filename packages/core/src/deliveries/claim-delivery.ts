import type { DeliveryAttempt, DeliveryReason } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { taskOfDelivery } from '../queue/delivery-id.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { memberOf, ttlSeconds } from './delivery-log.js';

/** How many attempts an entry keeps: a round has ten, and rounds can be repeated. */
const ATTEMPTS_KEPT = 20;

/** Takes a pending delivery up, for who holds the lock on its job; counts how often. */
const claimScript = defineScript<(string | null)[] | null>(`
if redis.call('GET', KEYS[2]) ~= ARGV[1] or redis.call('HGET', KEYS[1], 'status') ~= 'pending' then return nil end
redis.call('HINCRBY', KEYS[1], 'claims', 1)
return redis.call('HMGET', KEYS[1], 'agent_id', 'type', 'url', 'created_ms', 'next_ms', 'made', 'claims', 'attempts', 'round')`);

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
  /** Which round of attempts it is; each resend begins one. */
  round: string;
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
  const [agentId, , url, created, next, made, claims, attempts, round] = row;
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
    round: round ?? '',
  };
}

/**
 * Writes what became of a delivery that was taken up, once. Returns 0, and writes nothing, when the lock is another's. Where
 * a resend has begun a new round meanwhile, the attempt is noted, the new round stands, and 2 is returned. Of a delivery
 * that was erased meanwhile, nothing is written.
 */
const settleScript = defineScript<0 | 1 | 2>(`
local entry, lock, log, pending = unpack(KEYS)
local token, status, reason, url, attempts, made, next, agent, member, ttl, round = unpack(ARGV)
if redis.call('GET', lock) ~= token then return 0 end
if redis.call('HEXISTS', entry, 'status') == 0 then return 1 end
if (redis.call('HGET', entry, 'round') or '') ~= round then
  redis.call('HSET', entry, 'attempts', attempts)
  return 2
end
if redis.call('HGET', entry, 'status') ~= 'pending' then return 1 end
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

/**
 * Writes what became of a delivery. Returns `renewed` where a resend has begun a new round meanwhile, which is then due
 * at once. Throws when the delivery is another worker's by now.
 */
export async function settleDelivery(
  ctx: Context,
  delivery: ClaimedDelivery,
  url: string,
  attempt: DeliveryAttempt | undefined,
  settlement: Settlement,
): Promise<'settled' | 'renewed'> {
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
      delivery.round,
    ],
  );
  if (written === 0) throw new Error(`the lock on delivery ${id} is another worker's`);
  return written === 2 ? 'renewed' : 'settled';
}
