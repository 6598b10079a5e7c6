import type { DeliveryAttempt, DeliveryReason } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { shardOfDelivery, taskOfDelivery } from '../queue/delivery-id.js';
import { keys } from '../redis/keys.js';
import { listOf, timeOf } from '../redis/stored-row.js';
import { claimDeliveryScript } from './claim-delivery.script.js';
import { ttlSeconds } from './delivery-log.js';
import { memberOf } from './log-member.js';
import { lostAttempt } from './lost-attempt.js';
import { settleDeliveryScript } from './settle-delivery.script.js';

/** How many attempts an entry keeps. A round has ten, and a delivery can have several rounds. */
const ATTEMPTS_KEPT = 20;

/** A pending delivery that a worker has claimed. */
export interface ClaimedDelivery {
  id: string;
  shard: number;
  /** Empty if it is about no task. */
  taskId: string;
  /** The worker's lock token. */
  token: string;
  /** The id of the agent, or of the notify channel that gets it. */
  agentId: string;
  /** What it tells, as JSON; null: the end of the task. */
  about: string | null;
  url: string;
  createdMs: number;
  /** When the next attempt is due. */
  nextMs: number;
  /** Whether it is due now. */
  isDue: boolean;
  /** How many attempts of this round have failed. */
  made: number;
  /** How often workers have claimed it in this round. */
  claims: number;
  /** Oldest first. The last one is an attempt whose worker died or stopped in it, if there was one. */
  attempts: DeliveryAttempt[];
  /** Whether the last one is such an attempt, of which nothing was known until now. */
  hasLost: boolean;
  /** How many earlier rounds of it were accepted. */
  accepted: number;
  /** The current round of attempts; each resend starts one. */
  round: string;
}

/** Claims a delivery; undefined if nothing is left to do or another worker holds the lock. */
export async function claimDelivery(
  ctx: Context,
  id: string,
  token: string,
): Promise<ClaimedDelivery | undefined> {
  const shard = shardOfDelivery(id, ctx.callbacks.length);
  if (shard === undefined) return undefined;
  const redisKeys = { entry: keys.delivery(shard, id), lock: keys.deliveryLock(shard, id) };
  const now = ctx.now();
  const row = await claimDeliveryScript(ctx.redis, redisKeys, { token, now });
  if (!row) return undefined;
  const [agentId, url, created, next, made, claims, attempts, round, about, begun, accepted] = row;
  const nextMs = timeOf(next) ?? 0;
  const isDue = nextMs <= now;
  const lostMs = isDue ? timeOf(begun) : undefined;
  return {
    id,
    shard,
    taskId: taskOfDelivery(id, ctx.callbacks.length)?.taskId ?? '',
    token,
    agentId: agentId ?? '',
    about: about ?? null,
    url: url ?? '',
    createdMs: Number(created),
    nextMs,
    isDue,
    made: Number(made ?? 0),
    claims: Number(claims),
    attempts: [
      ...listOf<DeliveryAttempt>(attempts),
      ...(lostMs === undefined ? [] : [lostAttempt(lostMs, now)]),
    ],
    hasLost: lostMs !== undefined,
    accepted: Number(accepted ?? 0),
    round: round ?? '',
  };
}

/** The outcome for a delivery: it waits for its next attempt, or has ended. */
export type Settlement =
  | { status: 'pending'; nextMs: number }
  | { status: 'delivered' }
  | { status: 'failed' | 'skipped'; reason: DeliveryReason };

/**
 * Writes the outcome for a delivery. Returns `renewed` if a resend has started a new round meanwhile, which
 * is due at once. Throws if another worker holds the delivery.
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
  const written = await settleDeliveryScript(
    ctx.redis,
    {
      entry: keys.delivery(shard, id),
      lock: keys.deliveryLock(shard, id),
      log: keys.deliveries(shard, agentId),
      pending: keys.pendingDeliveries(shard),
    },
    {
      token: delivery.token,
      status: settlement.status,
      reason: 'reason' in settlement ? settlement.reason : '',
      url,
      attempts: JSON.stringify(attempts),
      made: delivery.made + (attempt ? 1 : 0),
      nextMs: 'nextMs' in settlement ? settlement.nextMs : 0,
      owner: agentId,
      member: memberOf(id, delivery.createdMs),
      ttl: ttlSeconds(ctx),
      round: delivery.round,
    },
  );
  if (written === 0) throw new Error(`the lock on delivery ${id} is another worker's`);
  return written === 2 ? 'renewed' : 'settled';
}
