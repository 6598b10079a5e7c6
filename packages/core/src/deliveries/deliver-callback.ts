import { type DeliveryReason, iso } from '@agenthook/contracts';
import { DelayedError, type Job, WaitingError } from 'bullmq';
import { FAILURES_TO_DISABLE, noteDelivered, noteFailure } from '../agents/agent-callback.js';
import type { Context } from '../context.js';
import { STOP_REASONS } from '../tasks/run.js';
import { type ClaimedDelivery, claimDelivery, type Settlement, settleDelivery } from './claim-delivery.js';
import type { Attempted } from './plan.js';
import { type DeliverDeps, planDelivery } from './plan-delivery.js';
import { retryDelay } from './schedule.js';

/** How often workers may die or stop while they hold a delivery, in one round, before the delivery fails. */
const MAX_LOST = 50;

/**
 * Makes the next due attempt of a delivery, with its receiver's current URL and secrets. Returns once the
 * delivery has ended. Otherwise throws DelayedError if a later attempt waits, or WaitingError if the job was
 * handed back on shutdown.
 *
 * The entry in the log is the source of truth; the job only triggers the work. After a crash, the job reads
 * from the entry what is left to do. An attempt that a crash or a stop has interrupted is in the log with an
 * unknown outcome, and is repeated, unless its receiver can be asked whether it has arrived.
 */
export async function deliverCallback(
  ctx: Context,
  deps: DeliverDeps,
  job: Job<unknown>,
  token: string,
  signal: AbortSignal,
): Promise<void> {
  const delivery = await claimDelivery(ctx, job.id ?? '', token);
  if (!delivery) return;
  if (!delivery.isDue) return await waitUntil(job, delivery.nextMs, token);
  const end = async (reason: DeliveryReason, status: 'failed' | 'skipped' = 'failed', url = delivery.url) => {
    ctx.log.info({ ...about(delivery), reason }, `callback ${status}`);
    const written = await settleDelivery(ctx, delivery, url, undefined, { status, reason });
    if (written === 'renewed') await waitUntil(job, ctx.now(), token);
  };

  if (delivery.claims - delivery.made > MAX_LOST) return await end('worker_lost');
  const plan = await planDelivery(ctx, deps, delivery);
  if (plan.end !== undefined) return await end(plan.end, plan.status, plan.url);
  if (plan.waitMs !== undefined) {
    const nextMs = ctx.now() + plan.waitMs;
    const written = await settleDelivery(ctx, delivery, plan.url, undefined, { status: 'pending', nextMs });
    return await waitUntil(job, written === 'renewed' ? ctx.now() : nextMs, token);
  }
  const posted = await post(ctx, delivery, plan.send, signal);
  if (posted === 'stopped') {
    await job.moveToWait(token);
    throw new WaitingError();
  }
  const settlement = settle(ctx, delivery, posted, plan.isOnce ? [] : deps.delays);
  const url = posted.url ?? plan.url;
  const written = await settleDelivery(ctx, delivery, url, posted.attempt, settlement);
  ctx.metrics.count('callback_attempts_total', [settlement.status]);
  const { response_status, error } = posted.attempt;
  const next = 'nextMs' in settlement ? iso(settlement.nextMs) : undefined;
  ctx.log.info({ ...about(delivery), response_status, error, next }, `callback ${settlement.status}`);

  // A resend reuses this job for its new round, so the job may neither leave the queue nor wait for the old
  // round.
  if (written === 'renewed') return await waitUntil(job, ctx.now(), token);
  if (settlement.status === 'pending') return await waitUntil(job, settlement.nextMs, token);
  if (!plan.callback) return;
  if (settlement.status === 'delivered' && plan.callback.hasFailed)
    await noteDelivered(ctx, delivery.agentId);
  if (settlement.status === 'failed') await noteEnd(ctx, delivery, url, settlement.reason, error);
}

const about = ({ id, taskId, agentId }: ClaimedDelivery) => ({
  delivery_id: id,
  task_id: taskId,
  ...(agentId.startsWith('ntc_') ? { channel_id: agentId } : { agent_id: agentId }),
});

/** Delays the job until `ms`; meanwhile it occupies no worker slot. */
async function waitUntil(job: Job<unknown>, ms: number, token: string): Promise<never> {
  await job.moveToDelayed(ms, token);
  throw new DelayedError();
}

/**
 * Sends one request. An unexpected error is a defect of ours: it is logged in full, but its text is not
 * shown.
 */
async function post(
  ctx: Context,
  delivery: ClaimedDelivery,
  send: (signal: AbortSignal) => Promise<Attempted>,
  signal: AbortSignal,
): Promise<Attempted | 'stopped'> {
  const at = iso(ctx.now());
  try {
    return await send(signal);
  } catch (error) {
    if (signal.aborted && signal.reason === STOP_REASONS.shutdown) return 'stopped';
    if (signal.aborted) throw error; // another worker holds the job by now
    ctx.log.error({ err: error, ...about(delivery) }, 'a callback threw');
    const message = 'The delivery failed inside AgentHook. The worker log has the details.';
    const attempt = { at, response_status: null, error: message, duration_ms: 0, response_excerpt: '' };
    return { attempt, outcome: 'failed' };
  }
}

function settle(
  ctx: Context,
  { made }: ClaimedDelivery,
  { outcome, retryAfterMs, end }: Attempted,
  delays: DeliverDeps['delays'],
): Settlement {
  if (outcome === 'delivered') return { status: 'delivered' };
  if (end !== undefined) return { status: 'failed', reason: end };
  if (outcome !== 'failed')
    return { status: 'failed', reason: outcome === 'incomplete' ? 'channel_incomplete' : outcome };
  const delayMs = retryDelay(made + 1, retryAfterMs, delays);
  if (delayMs === undefined) return { status: 'failed', reason: 'exhausted' };
  return { status: 'pending', nextMs: ctx.now() + delayMs };
}

/** Disables the callback if the receiver is gone, or has failed several deliveries in a row. */
async function noteEnd(
  ctx: Context,
  delivery: ClaimedDelivery,
  url: string,
  reason: DeliveryReason,
  error: string | null,
): Promise<void> {
  if (reason !== 'gone' && reason !== 'exhausted') return;
  const isGone = reason === 'gone';
  const many = `The last ${FAILURES_TO_DISABLE} deliveries failed in all their attempts. The last error: ${error}`;
  const disabled = await noteFailure(ctx, delivery.agentId, {
    url,
    reason: isGone ? 'The receiver answered 410 Gone.' : many,
    disableAfter: isGone ? 1 : FAILURES_TO_DISABLE,
  });
  if (!disabled) return;
  ctx.metrics.count('callback_disabled_total', []);
  ctx.log.warn({ agent_id: delivery.agentId, reason }, 'callback disabled');
}
