import type { Context } from '../context.js';
import { noteRejection } from '../rejections/note-rejection.js';
import { resolveWebhook } from '../webhooks/resolve-webhook.js';
import { type Delivery, type ReceiveOutcome, receive } from './receive.js';

/** A webhook call as it came in. */
export interface TriggerRequest extends Delivery {
  token: string;
}

/** All that can be expected to come of a webhook call. Redis being away is not: that throws. */
export type TriggerOutcome =
  | ReceiveOutcome
  | { outcome: 'unknown_webhook' }
  /** A GET that no agent takes. Whether the token is known it does not tell. */
  | { outcome: 'get_not_allowed' };

/**
 * Turns a webhook call into a task. Cheapest refusal first; `accepted` only once Redis has the task.
 * Throws when Redis can not take it, and then leaves nothing behind that would run later.
 */
export async function trigger(ctx: Context, request: TriggerRequest): Promise<TriggerOutcome> {
  const webhook = await resolveWebhook(ctx, request.token);
  if (request.contentType === 'query' && !webhook?.gate.allow_get) return { outcome: 'get_not_allowed' };
  if (!webhook) return { outcome: 'unknown_webhook' };
  const outcome = await receive(ctx, webhook, request);
  if (outcome.outcome === 'rejected') noteRejection(ctx, webhook.agentId, outcome, request);
  return outcome;
}
