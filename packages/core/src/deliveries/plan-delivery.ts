import type { BuildDestinationRequest } from '@agenthook/contracts';
import type { Egress } from '@agenthook/egress';
import { readCallback } from '../agents/agent-callback.js';
import { signingKeys } from '../agents/callback-secrets.js';
import type { Context } from '../context.js';
import { isDestinationId } from '../queue/delivery-id.js';
import { callbackBody } from './callback-body.js';
import type { ClaimedDelivery } from './claim-delivery.js';
import { planDestination } from './destinations/plan-destination.js';
import type { Plan } from './plan.js';
import { signedHeaders } from './sign.js';

/** Timeout of one request including its answer, in ms. */
const REQUEST_TIMEOUT_MS = 15_000;

export interface DeliverDeps {
  egress: Egress;
  /** Builds the request of an `http` destination. */
  buildRequest: BuildDestinationRequest;
  /** Delays between attempts, in seconds. Tests replace RETRY_DELAYS_SECONDS. */
  delays?: readonly number[];
  /** Timeout of one request, in ms. Tests replace REQUEST_TIMEOUT_MS. */
  timeoutMs?: number;
}

/** Decides what to do about a delivery, with the current settings of its receiver. */
export const planDelivery = (ctx: Context, deps: DeliverDeps, delivery: ClaimedDelivery): Promise<Plan> =>
  isDestinationId(delivery.id)
    ? planDestination(ctx, { timeoutMs: REQUEST_TIMEOUT_MS, ...deps }, delivery)
    : planCallback(ctx, deps, delivery);

async function planCallback(ctx: Context, deps: DeliverDeps, delivery: ClaimedDelivery): Promise<Plan> {
  const { id, shard, agentId, taskId } = delivery;
  const callback = await readCallback(ctx, agentId);
  if (callback.state !== 'enabled') return { end: callback.state, status: 'skipped' };
  const { url } = callback;
  const body = await callbackBody(ctx, shard, taskId);
  if (body === undefined) return { end: 'task_expired', status: 'failed', url };
  return {
    url,
    callback,
    send: async (signal) => {
      const secrets = signingKeys(ctx.secrets, agentId, callback.secrets, ctx.now());
      const headers = signedHeaders(secrets, id, ctx.now(), body);
      // Imported here, because the api never delivers and needs no HTTP client.
      const { postCallback } = await import('./post-callback.js');
      const timeoutMs = deps.timeoutMs ?? REQUEST_TIMEOUT_MS;
      return await postCallback(ctx, deps.egress, { url, headers, body, signal, timeoutMs });
    },
  };
}
