import type { PayloadKind } from '@agenthook/bounded';
import { detailOf, type ErrorCode, type ProblemIssue } from '@agenthook/contracts';
import type { AgentGate } from '../agents/agent-hash.js';
import type { Context } from '../context.js';
import type { RedisClock } from '../redis/clock.js';
import { offerTask } from '../tasks/enqueue.js';
import { idempotencyOf, idempotencyOfDelivery, readIdempotencyKey } from './idempotency-key.js';
import type { Rate } from './rate.js';
import { readPayload } from './read-payload.js';
import { safeHeaders } from './safe-headers.js';
import { answerToHandshake, deliveryIdOf, faultOfRequest } from './sender-request.js';

/** What was sent to an agent. */
export interface Delivery {
  /** The raw bytes of the body, or of the query string: signatures and hashes are over these. */
  body: Buffer;
  /** `query` is a GET. */
  contentType: PayloadKind;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  /** The address it came from, as far as that is known. */
  address?: string;
}

/** Whom it is for, as a look-up a moment ago found it. */
export interface Addressee {
  agentId: string;
  gate: AgentGate;
  redisNow: RedisClock;
  /** Of an agent with a rate, where one was taken from it for this delivery. */
  rate?: Rate;
}

/** Why a delivery made no task. */
export interface Refusal {
  code: ErrorCode;
  detail: string;
  issues?: ProblemIssue[];
  /** How many issues were found; `issues` has the first of them. */
  issuesTotal?: number;
  /** When trying again makes sense, in seconds. */
  retryAfterSeconds?: number;
}

/** When to send again what came while too many tasks wait. How fast they go, nobody knows. */
const FULL_RETRY_SECONDS = 10;

/** How a delivery is taken that did not simply come to a webhook. */
export interface Reception {
  /** Whether an API key vouches for it: it has neither to be signed nor to keep to a rate. */
  trusted?: boolean;
  /** What sent it. A test has keys of its own; a trusted one has none, and takes no handshake for one. */
  via?: 'webhook' | 'rejection' | 'test';
  /** The idempotency key of one that brings none. No sender can have sent one with a space in it. */
  ownKey?: string;
}

/** All that can be expected to come of a delivery. Redis being away is not: that throws. */
export type ReceiveOutcome =
  | { outcome: 'accepted'; task_id: string }
  /** A retry: the task of the first request with this idempotency key. */
  | { outcome: 'duplicate'; task_id: string }
  /** The sender tried the URL out: this is what it wants to hear. Nothing is stored. */
  | { outcome: 'handshake'; agent_id: string; answer: Record<string, string> }
  | ({ outcome: 'rejected'; agent_id: string } & Refusal);

/**
 * Turns a delivery into a task of its agent. Cheapest refusal first; `accepted` only once Redis has the task. Throws when
 * Redis can not take it, and then leaves nothing behind that would run later.
 */
export async function receive(
  ctx: Context,
  { agentId, gate, redisNow, rate }: Addressee,
  { body, contentType, headers, address }: Delivery,
  { trusted = false, via = 'webhook', ownKey }: Reception = {},
): Promise<ReceiveOutcome> {
  const { signature } = gate;
  const reject = (code: ErrorCode, detail: string, rest: Partial<Refusal> = {}): ReceiveOutcome => ({
    outcome: 'rejected',
    agent_id: agentId,
    code,
    detail,
    ...rest,
  });
  if (gate.status === 'disabled') return reject('agent_disabled', detailOf('agent_disabled'));

  const fault = signature && !trusted && faultOfRequest(ctx, agentId, signature, { body, headers });
  if (fault) return reject('invalid_signature', `The signature is refused: ${fault}.`);

  const given = readIdempotencyKey(headers);
  if (given === 'invalid') {
    return reject('invalid_idempotency_key', detailOf('invalid_idempotency_key'));
  }
  const tooFast: ReceiveOutcome | undefined =
    rate !== undefined && rate.waitMs > 0
      ? { outcome: 'rejected', agent_id: agentId, ...tooFastFor(rate) }
      : undefined;
  // A retry gets its task at any rate: what may be one goes on to where its key is known.
  if (tooFast && given.key === undefined && !signature) return tooFast;

  const parsed = await readPayload(ctx, { agentId, gate, body, contentType, address });
  if (!parsed.ok) {
    const { code, detail, ...rest } = parsed.refusal;
    return reject(code, detail, rest);
  }
  const runsAnyway = trusted && via === 'test';
  const answer = signature && !runsAnyway && answerToHandshake(signature, headers, parsed.payload);
  if (answer) return { outcome: 'handshake', agent_id: agentId, answer };
  const keysOf = via === 'test' ? `${agentId} test` : agentId;
  const deliveryId = signature && deliveryIdOf(signature, headers, parsed.payload);
  const key = given.key ?? (deliveryId === undefined ? ownKey : undefined);
  const idempotency =
    key !== undefined
      ? idempotencyOf(keysOf, key, contentType, body)
      : deliveryId !== undefined
        ? idempotencyOfDelivery(keysOf, deliveryId)
        : undefined;
  if (tooFast && !idempotency) return tooFast;
  const misfit = await parsed.misfit();
  if (misfit) {
    const { code, detail, ...rest } = misfit;
    return reject(code, detail, rest);
  }

  const task = {
    data: {
      agent_id: agentId,
      agent_version: gate.version,
      payload: parsed.payload,
      headers: safeHeaders(headers),
      ...(via === 'test' && { rehearsal: true as const }),
    },
    payloadJson: parsed.json,
    trigger: via,
    key: given.key ?? (deliveryId && shownId(deliveryId)),
    maxAttempts: gate.max_attempts,
    publicResult: gate.public_result,
    maxPending: tooFast ? 0 : gate.max_pending,
    redisNow,
  };
  const enqueued = await offerTask(ctx, task, runsAnyway ? undefined : idempotency);
  switch (enqueued.outcome) {
    case 'stored':
      return { outcome: 'accepted', task_id: enqueued.task_id };
    case 'duplicate':
      return enqueued;
    case 'full':
      return (
        tooFast ??
        reject(
          'too_many_pending',
          `The agent has ${gate.max_pending} tasks that wait, as many as it takes. Send this again later.`,
          { retryAfterSeconds: FULL_RETRY_SECONDS },
        )
      );
    case 'key_reused':
      return reject('idempotency_key_reused', detailOf('idempotency_key_reused'));
  }
}

/** A delivery's id as its sender's own pages show it, by which the task is found again; bounded as keys are. */
const shownId = (deliveryId: string): string => deliveryId.split(' ').at(-1)?.slice(0, 255) ?? '';

function tooFastFor({ perMinute, waitMs }: Rate): Refusal {
  const retryAfterSeconds = Math.ceil(waitMs / 1000);
  const detail = `The agent takes ${perMinute} tasks a minute. Send this again in ${retryAfterSeconds} s.`;
  return { code: 'rate_limited', detail, retryAfterSeconds };
}
