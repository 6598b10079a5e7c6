import type { Context } from '../context.js';
import { checkNotEmptied } from '../redis/emptied.js';
import { giveBackRate } from './give-back-rate.js';
import type { InboundRequest, ReceiveOutcome } from './inbound.js';
import { noteFiltered, noteRejection } from './note-rejection.js';
import type { Rate } from './rate.js';
import { receive } from './receive.js';
import { resolveWebhook } from './resolve-webhook.js';

/** A webhook call as it arrived. */
export interface TriggerRequest extends InboundRequest {
  token: string;
}

type Outcome = ReceiveOutcome | { outcome: 'unknown_webhook' };

/**
 * The expected outcomes of a webhook call, with the agent's rate if it has one. An unavailable Redis throws.
 */
export type TriggerOutcome = Outcome & { rate?: Rate };

/**
 * Turns a webhook call into a task. The cheapest checks run first. Returns `accepted` only once Redis has
 * stored the task. Throws if Redis cannot store it; then nothing remains that could run later.
 */
export async function trigger(ctx: Context, request: TriggerRequest): Promise<TriggerOutcome> {
  const webhook = await resolveWebhook(ctx, request.token, { rated: true });
  if (!webhook) return await outcomeOfUnknown(ctx, request);
  const outcome = await receive(ctx, webhook, request);
  const { agentId } = webhook;
  let { rate } = webhook;
  // The rate counts tasks, so other refusals and retries do not use it.
  if (rate?.waitMs === 0 && outcome.outcome !== 'accepted') rate = giveBackRate(ctx, agentId, rate);
  if (outcome.outcome === 'method_not_allowed') return outcome;
  if (outcome.outcome === 'rejected') noteRejection(ctx, webhook, outcome, request);
  if (outcome.outcome === 'filtered') noteFiltered(ctx, webhook, outcome, request);
  return rate ? { ...outcome, rate } : outcome;
}

async function outcomeOfUnknown(ctx: Context, request: TriggerRequest): Promise<Outcome> {
  // The same as for a known token, so it does not reveal whether the token exists.
  if (request.method !== 'POST') return { outcome: 'method_not_allowed' };
  await checkNotEmptied(ctx);
  return { outcome: 'unknown_webhook' };
}
