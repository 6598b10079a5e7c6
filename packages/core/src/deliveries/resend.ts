import { sleep } from '@agenthook/async';
import type { Delivery } from '@agenthook/contracts';
import { readCallback } from '../agents/agent-callback.js';
import type { Context } from '../context.js';
import { AppError, noCallback, unknownAgent } from '../errors.js';
import { taskOfDelivery } from '../queue/delivery-id.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { readDeliveries, ttlSeconds } from './delivery-log.js';
import { addDeliveryJob } from './enqueue-callback.js';

/** How long a job that is about to leave the queue is waited for, and how often it is looked at, in ms. */
const PATIENCE_MS = 2_000;
const LOOK_MS = 50;
/** When the job is due of a resend that got no further than to begin, in ms. */
const BEGUN_MS = 5_000;

/** Begins a new round of attempts, at once. Returns how many its agent has pending, or nil when it is not the agent's. */
const renewScript = defineScript<number | null>(`
local entry, pending = unpack(KEYS)
local agent, url, now, ttl = unpack(ARGV)
local row = redis.call('HMGET', entry, 'agent_id', 'status')
if row[1] ~= agent then return nil end
redis.call('HSET', entry, 'status', 'pending', 'url', url, 'made', 0, 'claims', 0, 'next_ms', now)
redis.call('HINCRBY', entry, 'round', 1)
redis.call('HDEL', entry, 'reason')
redis.call('EXPIRE', entry, ttl)
if row[2] == 'pending' then return tonumber(redis.call('HGET', pending, agent) or 1) end
return redis.call('HINCRBY', pending, agent, 1)`);

/** Begins a new round of a delivery's attempts. Returns how many its agent has pending; undefined where it has none such. */
async function renew(
  ctx: Context,
  shard: number,
  delivery: { id: string; agentId: string; url: string },
): Promise<number | undefined> {
  const { id, agentId, url } = delivery;
  const redisKeys = [keys.delivery(shard, id), keys.pendingDeliveries(shard)];
  return (await renewScript(ctx.redis, redisKeys, [agentId, url, ctx.now(), ttlSeconds(ctx)])) ?? undefined;
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
