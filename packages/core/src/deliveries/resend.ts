import { sleep } from '@agenthook/async';
import type { Delivery } from '@agenthook/contracts';
import { readCallback } from '../agents/agent-callback.js';
import type { Context } from '../context.js';
import { AppError, noCallback, unknownAgent } from '../errors.js';
import { taskOfDelivery } from '../queue/delivery-id.js';
import { keys } from '../redis/keys.js';
import { readDeliveries, ttlSeconds } from './delivery-log.js';
import { addDeliveryJob } from './enqueue-callback.js';
import { renewDeliveryScript } from './renew-delivery.script.js';

/** How long a job that is about to leave the queue is waited for, and how often it is looked at, in ms. */
const PATIENCE_MS = 2_000;
const LOOK_MS = 50;
/** When the job is due of a resend that got no further than to begin, in ms. */
const BEGUN_MS = 5_000;

/** Begins a new round of a delivery's attempts. Returns how many its agent has pending; undefined where it has none such. */
async function renew(
  ctx: Context,
  shard: number,
  delivery: { id: string; agentId: string; url: string },
): Promise<number | undefined> {
  const { id, agentId, url } = delivery;
  const pending = await renewDeliveryScript(
    ctx.redis,
    { entry: keys.delivery(shard, id), pending: keys.pendingDeliveries(shard) },
    { agent: agentId, url, now: ctx.now(), ttl: ttlSeconds(ctx) },
  );
  return pending ?? undefined;
}

/**
 * Begins a new round of attempts of a delivery, with the same id, at once; also of one that is pending.
 * Throws `unknown_agent`, `unknown_delivery`, `no_callback`, `callback_disabled`.
 */
export async function resendCallback(ctx: Context, agentId: string, id: string): Promise<Delivery> {
  const callback = await readCallback(ctx, agentId);
  if (callback.state === 'agent_deleted') throw unknownAgent(agentId);
  if (callback.state === 'callback_removed') throw noCallback();
  if (callback.state === 'callback_disabled') {
    throw new AppError('callback_disabled');
  }
  const shard = taskOfDelivery(id, ctx.callbacks.length)?.shard;
  const unknown = new AppError('unknown_delivery');
  if (shard === undefined) throw unknown;
  const [known] = await readDeliveries(ctx, shard, [id]);
  if (known?.agent_id !== agentId) throw unknown;
  const others = Number(await ctx.redis.hget(keys.pendingDeliveries(shard), agentId));
  // First the job, which finds nothing to do where nothing follows: an entry that is pending without one stays so.
  await addDeliveryJob(ctx, shard, id, others + 1, BEGUN_MS);
  const pending = await renew(ctx, shard, { id, agentId, url: callback.url });
  if (pending === undefined) throw unknown;
  await bringUp(ctx, shard, id, pending);
  const [delivery] = await readDeliveries(ctx, shard, [id]);
  if (!delivery) throw unknown;
  return delivery;
}

/**
 * Sees to it that a job of the delivery is due. One that a worker holds may have made its last attempt already and be
 * about to leave the queue: then a new one follows it.
 */
async function bringUp(ctx: Context, shard: number, id: string, pending: number): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    const isHeld = (await ctx.redis.exists(keys.deliveryLock(shard, id))) === 1;
    await addDeliveryJob(ctx, shard, id, pending);
    const job = await ctx.callbacks[shard]?.getJob(id);
    if (await job?.isDelayed()) await job?.promote().catch(() => undefined); // it may have come up by itself
    if (!isHeld || Date.now() > end) return;
    await sleep(LOOK_MS);
  }
}
