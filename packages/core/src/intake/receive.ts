import { detailOf, MAX_IDEMPOTENCY_KEY, type TaskTrigger } from '@agenthook/contracts';
import type { Context } from '../context.js';
import type { Breaker, Idempotency } from '../queue/add-tasks.js';
import { textHash } from '../redis/keys.js';
import { offerTask } from '../tasks/enqueue.js';
import { decodeBody, isEncoded } from './decode-body.js';
import { idempotencyOf, idempotencyOfDelivery, readIdempotencyKey } from './idempotency-key.js';
import {
  type Addressee,
  eventBytes,
  type InboundRequest,
  type ReceiveOutcome,
  type Refusal,
} from './inbound.js';
import type { Rate } from './rate.js';
import { type ReadPayload, readPayload } from './read-payload.js';
import { keptQuery, readQuery } from './read-query.js';
import { safeHeaders } from './safe-headers.js';
import {
  answerToEvent,
  answerToHandshake,
  answerToTry,
  deliveryIdOf,
  faultOfRequest,
  hiddenOf,
  isProvenBy,
  type ProofStage,
} from './sender-request.js';

/**
 * Retry-After for requests that arrive while the backlog is full, in seconds. How fast tasks run is unknown.
 */
const FULL_RETRY_SECONDS = 10;

/** How a request reached the agent, and which rules apply. */
export interface Way {
  trigger: Exclude<TaskTrigger, 'replay'>;
  /** Whether the request must be signed, if the agent has a signature. */
  verifies: boolean;
  /** Whether the agent's filter applies. If not, every event runs. */
  screens: boolean;
  /**
   * Whether to answer handshakes and return the first task for a retry. If not, each request creates a task.
   */
  heedsSender: boolean;
  /** The idempotency key of a request without one. It contains a space, so no sender can have sent it. */
  ownKey?: string;
}

export const WAYS = {
  webhook: { trigger: 'webhook', verifies: true, screens: true, heedsSender: true },
  /** A test that acts as a sender. */
  playedTest: { trigger: 'test', verifies: true, screens: true, heedsSender: true },
  /** A test that always runs its payload. */
  directTest: { trigger: 'test', verifies: false, screens: false, heedsSender: false },
  /** The owner runs a rejection or a filtered event after all. */
  rejection: (id: string): Way => ({
    trigger: 'rejection',
    verifies: false,
    screens: false,
    heedsSender: true,
    ownKey: `rejection ${id}`,
  }),
} satisfies Record<string, Way | ((id: string) => Way)>;

/**
 * Turns a request into a task of its agent. The cheapest checks run first. Returns `accepted` only once Redis
 * has stored the task. Throws if Redis cannot store it; then nothing remains that could run later.
 */
export async function receive(
  ctx: Context,
  agent: Addressee,
  request: InboundRequest,
  way: Way = WAYS.webhook,
): Promise<ReceiveOutcome> {
  const reject = (refusal: Refusal): ReceiveOutcome => ({
    outcome: 'rejected',
    agent_id: agent.agentId,
    ...refusal,
  });
  if (agent.gate.status === 'disabled' && takesMethod(agent, request)) return reject(DISABLED);
  const tried = outcomeOfTry(ctx, agent, request, way);
  if (tried) return 'outcome' in tried ? tried : reject(tried);
  if (!takesMethod(agent, request)) return { outcome: 'method_not_allowed' };

  const given = readIdempotencyKey(request.headers);
  const tooFast = refusalOfRate(agent.rate);
  const isCoded = isEncoded(request);
  const unsigned = await refusalOfSignature(ctx, agent, request, way, 'bytes');
  const query = readQuery(request, agent.gate.signature);
  const early =
    (isCoded ? undefined : unsigned) ??
    (given.isValid ? undefined : REFUSED_KEY) ??
    (mayBeRetry(agent, given.key) ? undefined : tooFast);
  if (early) return reject(early);
  if (!query.ok) return reject(query.refusal);

  const decoded = isCoded ? await decodeBody(ctx, agent.agentId, request) : undefined;
  if (decoded?.ok === false) return reject(unsigned ?? decoded.refusal);
  const plain = decoded ? { ...request, body: decoded.body } : request;
  // Some senders sign what they compress afterwards.
  if (unsigned && (await refusalOfSignature(ctx, agent, plain, way, 'bytes'))) return reject(unsigned);

  const read = await readPayload(ctx, agent, plain, { screens: way.screens, query: query.query });
  if (!read.ok) return reject(read.refusal);
  const sent = { ...plain, payload: read.payload };
  const unproven = await refusalOfSignature(ctx, agent, sent, way, 'payload');
  if (unproven) return reject(unproven);
  const { signature } = agent.gate;
  const sender = way.heedsSender ? signature : undefined;
  const handshake = sender && (await answerToHandshake(ctx, agent.agentId, sender, sent));
  if (handshake) return { outcome: 'handshake', agent_id: agent.agentId, answer: handshake };

  const event = identify(agent, sent, way, read, given.key);
  if (tooFast && !event.idempotency) return reject(tooFast);
  const answer = sender && answerToEvent(sender, sent);
  const answered = answer && { answer };
  // Before the schema, because an event for another agent need not match it.
  const screened = await read.screen();
  if (screened.verdict === 'filtered') {
    const { verdict: _, ...filtered } = screened;
    return { outcome: 'filtered', agent_id: agent.agentId, ...filtered, ...answered };
  }
  const misfit = await read.misfit();
  if (misfit) return reject(misfit);

  // Above its rate, an agent accepts only retries.
  const maxPending = tooFast ? 0 : agent.gate.max_pending;
  const task = {
    ...taskOf(agent, request, way, read),
    key: event.shownKey,
    filterError: screened.error,
    breaker: breakerOf(agent, way, screened.breakerKey),
    maxPending,
  };
  const added = await offerTask(ctx, task, way.heedsSender ? event.idempotency : undefined);
  if (added.outcome === 'accepted' && added.paused) {
    const { agentId: agent_id, gate } = agent;
    const facts = { agent_id, task_id: added.task_id, max_per_minute: gate.breaker?.max_per_minute };
    ctx.log.warn(facts, 'an agent was paused: it ran too often about the same thing');
  }
  const { response } = agent.gate;
  if (added.outcome !== 'rejected')
    return {
      ...added,
      ...answered,
      ...(response && { response: { ...response, agent_id: agent.agentId } }),
    };
  if (added.code === 'idempotency_key_reused')
    return reject({ code: added.code, detail: detailOf(added.code) });
  return reject(tooFast ?? refusalOfBacklog(agent));
}

const REFUSED_KEY: Refusal = {
  code: 'invalid_idempotency_key',
  detail: detailOf('invalid_idempotency_key'),
};

const DISABLED: Refusal = { code: 'agent_disabled', detail: detailOf('agent_disabled') };

/** Whether a request by this method may be an event. By every other, senders only try the URL out. */
const takesMethod = ({ gate }: Addressee, { method }: InboundRequest): boolean =>
  method === 'POST' || (method === 'GET' && gate.allow_get === true);

/** What comes of a request that only tries the URL out; undefined for every other. */
function outcomeOfTry(
  ctx: Context,
  { agentId, gate: { signature } }: Addressee,
  request: InboundRequest,
  { heedsSender }: Way,
): ReceiveOutcome | Refusal | undefined {
  const answer = signature && heedsSender ? answerToTry(ctx, agentId, signature, request) : undefined;
  if (answer === undefined) return undefined;
  return 'fault' in answer
    ? { code: 'handshake_refused', detail: `The URL is not confirmed: ${answer.fault}.` }
    : { outcome: 'handshake', agent_id: agentId, answer };
}

async function refusalOfSignature(
  ctx: Context,
  { agentId, gate: { signature } }: Addressee,
  request: InboundRequest & { payload?: unknown },
  { verifies }: Way,
  stage: ProofStage,
): Promise<Refusal | undefined> {
  const fault =
    signature && verifies && isProvenBy(signature, stage)
      ? await faultOfRequest(ctx, agentId, signature, request)
      : undefined;
  return fault === undefined
    ? undefined
    : { code: 'invalid_signature', detail: `The signature is refused: ${fault}.` };
}

function refusalOfRate(rate: Rate | undefined): Refusal | undefined {
  if (rate === undefined || rate.waitMs <= 0) return undefined;
  const retryAfterSeconds = Math.ceil(rate.waitMs / 1000);
  const detail = `The agent takes ${rate.perMinute} tasks a minute. Send this again in ${retryAfterSeconds} s.`;
  return { code: 'rate_limited', detail, retryAfterSeconds };
}

/** What a task counts for, if its agent has a breaker and the event has a key. */
function breakerOf(
  { gate: { breaker } }: Addressee,
  { trigger }: Way,
  key: string | undefined,
): Breaker | undefined {
  if (!breaker || trigger !== 'webhook' || (breaker.key !== undefined && key === undefined)) return undefined;
  return { keyHash: textHash(key ?? ''), maxPerMinute: breaker.max_per_minute };
}

const refusalOfBacklog = ({ gate }: Addressee): Refusal => ({
  code: 'too_many_pending',
  detail: `The agent has ${gate.max_pending} tasks that wait, as many as it takes. Send this again later.`,
  retryAfterSeconds: FULL_RETRY_SECONDS,
});

/**
 * Whether a request may be a retry, which is answered even above the rate. Only a known key tells it from a
 * new request.
 */
const mayBeRetry = ({ gate }: Addressee, givenKey: string | undefined): boolean =>
  gate.signature !== undefined || givenKey !== undefined;

/**
 * Returns the key by which a retry finds its task, and the key to show: the client's, or the sender's id for
 * the event.
 */
function identify(
  { agentId, gate: { signature } }: Addressee,
  request: InboundRequest & { payload: unknown },
  { trigger, ownKey }: Way,
  { kind }: ReadPayload,
  givenKey: string | undefined,
): { idempotency: Idempotency | undefined; shownKey: string | undefined } {
  // Tests and real events have separate keys.
  const scope = trigger === 'test' ? `${agentId} test` : agentId;
  const deliveryId = signature && deliveryIdOf(signature, request);
  const shownKey = givenKey ?? (deliveryId && shownId(deliveryId));
  const key = givenKey ?? (deliveryId === undefined ? ownKey : undefined);
  if (key !== undefined)
    return { idempotency: idempotencyOf(scope, key, kind, eventBytes(request)), shownKey };
  if (deliveryId !== undefined) return { idempotency: idempotencyOfDelivery(scope, deliveryId), shownKey };
  return { idempotency: undefined, shownKey };
}

/**
 * The sender's event id as the sender's own pages show it, so that the task can be found by it. Cut to the
 * maximum length of a key.
 */
const shownId = (deliveryId: string): string =>
  deliveryId.split(' ').at(-1)?.slice(0, MAX_IDEMPOTENCY_KEY) ?? '';

const taskOf = (
  { agentId, gate, redisNow }: Addressee,
  request: InboundRequest,
  { trigger }: Way,
  { payload, json, files }: ReadPayload,
) => ({
  data: {
    agent_id: agentId,
    agent_version: gate.version,
    payload,
    headers: safeHeaders(request.headers, hiddenOf(gate.signature).headers),
    ...keptQuery(request, gate.signature),
    ...(files.length > 0 && { files: files.map(({ about }) => about) }),
    ...(trigger === 'test' && { rehearsal: true as const }),
  },
  payloadJson: json,
  ...(files.length > 0 && { files: files.map(({ content }) => content) }),
  trigger,
  maxAttempts: gate.max_attempts,
  view: gate,
  redisNow,
});
