import { sleep } from '@agenthook/async';
import type { Delivery } from '@agenthook/contracts';
import { readCallback } from '../agents/agent-callback.js';
import type { Context } from '../context.js';
import { AppError, noCallback, unknownAgent } from '../errors.js';
import { isDestinationId, shardOfDelivery } from '../queue/delivery-id.js';
import { keys, textHash } from '../redis/keys.js';
import { readFields } from '../tasks/ended/read-fields.js';
import { readDeliveries, ttlSeconds } from './delivery-log.js';
import { addDeliveryJob } from './enqueue-callback.js';
import { renewDeliveryScript } from './renew-delivery.script.js';

/** How long to wait for a job that is about to leave the queue, and how often to check, in ms. */
const PATIENCE_MS = 2_000;
const LOOK_MS = 50;
/** When the job is due if a resend stops after its first step, in ms. */
const BEGUN_MS = 5_000;

/**
 * Starts a new round of a delivery's attempts. Returns how many of the agent's deliveries are pending, and
 * whether the round is new; undefined if the agent has no such delivery.
 */
async function renew(
  ctx: Context,
  shard: number,
  delivery: { id: string; agentId: string; url: string; cause: string },
): Promise<{ pending: number; isNew: boolean } | undefined> {
  const { id, agentId, url, cause } = delivery;
  const renewed = await renewDeliveryScript(
    ctx.redis,
    { entry: keys.delivery(shard, id), pending: keys.pendingDeliveries(shard) },
    { agent: agentId, url, now: ctx.now(), ttl: ttlSeconds(ctx), cause },
  );
  return renewed ? { pending: renewed[0], isNew: renewed[1] === 1 } : undefined;
}

/**
 * Starts a new round of attempts of a delivery at once, with the same id, even if it is still pending. Throws
 * `unknown_agent`, `unknown_delivery`, `no_callback`, `callback_disabled`, `archive_unavailable`.
 *
 * @param cause names what starts the round, for a caller that may try again: it starts one round of each
 *   delivery
 */
export async function resendCallback(
  ctx: Context,
  agentId: string,
  id: string,
  cause = '',
): Promise<{ delivery: Delivery; isNew: boolean }> {
  const callback = await readCallback(ctx, agentId);
  if (callback.state === 'agent_deleted') throw unknownAgent(agentId);
  const isToCallback = !isDestinationId(id);
  if (isToCallback && callback.state === 'callback_removed') throw noCallback();
  if (isToCallback && callback.state === 'callback_disabled') throw new AppError('callback_disabled');
  const shard = shardOfDelivery(id, ctx.callbacks.length);
  const unknown = new AppError('unknown_delivery');
  if (shard === undefined) throw unknown;
  const [known] = await readDeliveries(ctx, shard, [id]);
  if (known?.agent_id !== agentId) throw unknown;
  // If the archive has the task and is away, no attempt could read what to send.
  if (ctx.archive && known.task_id) await readFields(ctx, shard, known.task_id, 'finishedOn');
  const others = Number(await ctx.redis.hget(keys.pendingDeliveries(shard), agentId));
  // Add the job first: if the next step fails, it finds nothing to do. A pending entry without a job would
  // never end.
  await addDeliveryJob(ctx, shard, id, others + 1, BEGUN_MS);
  const url = isToCallback && 'url' in callback ? callback.url : known.url;
  const renewed = await renew(ctx, shard, { id, agentId, url, cause: cause && textHash(cause) });
  if (renewed === undefined) throw unknown;
  await bringUp(ctx, shard, id, renewed.pending);
  const [delivery] = await readDeliveries(ctx, shard, [id]);
  if (!delivery) throw unknown;
  return { delivery, isNew: renewed.isNew };
}

/**
 * Ensures that a job of the delivery is due. A job that a worker holds may already have made its last attempt
 * and be about to leave the queue; in that case, adds a new one after it.
 */
async function bringUp(ctx: Context, shard: number, id: string, pending: number): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    const isHeld = (await ctx.redis.exists(keys.deliveryLock(shard, id))) === 1;
    await addDeliveryJob(ctx, shard, id, pending);
    const job = await ctx.callbacks[shard]?.getJob(id);
    if (await job?.isDelayed()) await job?.promote().catch(() => undefined); // it may have become due on its own
    if (!isHeld || Date.now() > end) return;
    await sleep(LOOK_MS);
  }
}
