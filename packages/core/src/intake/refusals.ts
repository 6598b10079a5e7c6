import type { LimitOutcome } from '@agenthook/bounded';
import { budgetDetail, detailOf } from '@agenthook/contracts';
import type { Context } from '../context.js';
import type { Addressee, InboundRequest, Refusal } from './inbound.js';
import type { Rate } from './rate.js';
import { faultOfRequest, isProvenBy, type ProofStage } from './sender-request.js';
import type { Way } from './ways.js';

/**
 * Retry-After for requests that arrive while the backlog is full, in seconds. How fast tasks run is unknown.
 */
const FULL_RETRY_SECONDS = 10;
/** The same while too much is being masked. */
const BUSY_RETRY_SECONDS = 2;

export const REFUSED_KEY: Refusal = {
  code: 'invalid_idempotency_key',
  detail: detailOf('invalid_idempotency_key'),
};

export const DISABLED: Refusal = { code: 'agent_disabled', detail: detailOf('agent_disabled') };

/** undefined, without a promise, if there is nothing to verify. */
export function refusalOfSignature(
  ctx: Context,
  { agentId, gate: { signature } }: Addressee,
  request: InboundRequest & { payload?: unknown },
  { verifies }: Way,
  stage: ProofStage,
): Promise<Refusal | undefined> | undefined {
  if (!signature || !verifies || !isProvenBy(signature, stage)) return undefined;
  return faultOfRequest(ctx, agentId, signature, request).then((fault) =>
    fault === undefined
      ? undefined
      : { code: 'invalid_signature', detail: `The signature is refused: ${fault}.` },
  );
}

export function refusalOfRate(rate: Rate | undefined): Refusal | undefined {
  if (rate === undefined || rate.waitMs <= 0) return undefined;
  const retryAfterSeconds = Math.ceil(rate.waitMs / 1000);
  const detail = `The agent takes ${rate.perMinute} tasks a minute. Send this again in ${retryAfterSeconds} s.`;
  return { code: 'rate_limited', detail, retryAfterSeconds };
}

/** A used-up budget as a refusal; undefined if none refuses new tasks. */
export function refusalOfBudget({ usedUp, redisNow }: Addressee): Refusal | undefined {
  if (!usedUp) return undefined;
  const retryAfterSeconds = Math.max(1, Math.ceil((usedUp.until_ms - redisNow()) / 1000));
  const detail = budgetDetail({ ...usedUp, on_limit: 'reject', isBusy: false });
  return { code: 'budget_exhausted', detail, retryAfterSeconds };
}

export const refusalOfBacklog = ({ gate }: Addressee): Refusal => ({
  code: 'too_many_pending',
  detail: `The agent has ${gate.max_pending} tasks that wait, as many as it takes. Send this again later.`,
  retryAfterSeconds: FULL_RETRY_SECONDS,
});

/** The refusal of an event that could not be masked. It is stored masked, or not at all. */
export const refusalOfMasking = ({ outcome }: LimitOutcome): Refusal =>
  outcome === 'starved'
    ? {
        code: 'busy',
        detail: `Too much is being masked at the moment. Send this again in ${BUSY_RETRY_SECONDS} s.`,
        retryAfterSeconds: BUSY_RETRY_SECONDS,
      }
    : { code: 'invalid_payload', detail: "Masking the payload with the agent's masks takes too long." };
