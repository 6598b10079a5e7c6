import type { Context } from '../context.js';
import { giveBackRate } from './give-back-rate.js';
import type { Addressee, InboundRequest, ReceiveOutcome } from './inbound.js';
import { noteRejection } from './note-rejection.js';
import type { Rate } from './rate.js';
import { receive } from './receive.js';
import { resolveWebhook } from './resolve-webhook.js';

/** A webhook call as it came in. */
export interface TriggerRequest extends InboundRequest {
  token: string;
}

type Outcome =
  | ReceiveOutcome
  | { outcome: 'unknown_webhook' }
  /** A GET that no agent takes. Whether the token is known it does not tell. */
  | { outcome: 'get_not_allowed' };

/** All that can be expected to come of a webhook call, with the agent's rate where it has one. Redis being away throws. */
export type TriggerOutcome = Outcome & { rate?: Rate };

/**
 * Turns a webhook call into a task. Cheapest refusal first; `accepted` only once Redis has the task.
 * Throws when Redis can not take it, and then leaves nothing behind that would run later.
 */
export async function trigger(ctx: Context, request: TriggerRequest): Promise<TriggerOutcome> {
  const webhook = await resolveWebhook(ctx, request.token, { rated: true });
  const outcome = await outcomeOf(ctx, webhook, request);
  if (!webhook) return outcome;
  const { agentId } = webhook;
  let { rate } = webhook;
  // A rate is of tasks: what was refused for another reason, or is a retry, takes nothing from it.
  if (rate?.waitMs === 0 && outcome.outcome !== 'accepted') rate = giveBackRate(ctx, agentId, rate);
  if (outcome.outcome === 'get_not_allowed') return outcome;
  if (outcome.outcome === 'rejected') noteRejection(ctx, webhook, outcome, request);
  return rate ? { ...outcome, rate } : outcome;
}

async function outcomeOf(
  ctx: Context,
  webhook: Addressee | undefined,
  request: TriggerRequest,
): Promise<Outcome> {
  if (request.contentType === 'query' && !webhook?.gate.allow_get) return { outcome: 'get_not_allowed' };
  return webhook ? await receive(ctx, webhook, request) : { outcome: 'unknown_webhook' };
}
