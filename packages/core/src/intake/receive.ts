import { detailOf, type Query } from '@agenthook/contracts';
import type { Context } from '../context.js';
import type { Breaker, Idempotency } from '../queue/add-tasks.js';
import { textHash } from '../redis/keys.js';
import { packText } from '../redis/pack-text.js';
import type { SenderAnswer } from '../senders/scheme.js';
import { burstOfEvent } from '../tasks/bursts/burst-of-event.js';
import { conversationOfEvent } from '../tasks/conversations/conversation-of-event.js';
import { type NewTask, offerTask } from '../tasks/enqueue.js';
import { maskTask } from '../tasks/mask-task.js';
import { decodeBody, isEncoded } from './decode-body.js';
import { readIdempotencyKey } from './idempotency-key.js';
import { identify } from './identify.js';
import type { Addressee, InboundRequest, ReceiveOutcome, Refusal } from './inbound.js';
import type { HeldBody } from './large-bodies.js';
import { type ReadPayload, readPayload } from './read-payload.js';
import { keptQuery, readQuery } from './read-query.js';
import {
  DISABLED,
  REFUSED_KEY,
  refusalOfBacklog,
  refusalOfBudget,
  refusalOfMasking,
  refusalOfRate,
  refusalOfSignature,
} from './refusals.js';
import { safeHeaders } from './safe-headers.js';
import { RUNS, type Verdict } from './screen-event.js';
import { answerToEvent, answerToHandshake, answerToTry, hiddenOf, openRequest } from './sender-request.js';
import { WAYS, type Way } from './ways.js';

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
  const tried = outcomeOfTry(ctx, agent, request, way);
  if (tried) return tried;
  const found = refusalOfSignature(ctx, agent, request, way, 'bytes');
  const unsigned = found && (await found);
  const coded = isEncoded(request);
  const early = earlyRefusal(agent, request, coded ? undefined : unsigned);
  if (early) return reject(agent, early);
  if (!coded) return await receiveDecoded(ctx, agent, { request }, way);

  const decoded = await decodeBody(ctx, agent.agentId, request);
  if (!decoded.ok) return reject(agent, unsigned ?? decoded.refusal);
  const { body, held } = decoded;
  try {
    return await receiveDecoded(ctx, agent, { request: { ...request, body }, held, unsigned }, way);
  } finally {
    held?.leave();
  }
}

async function receiveDecoded(
  ctx: Context,
  agent: Addressee,
  decoded: Decoded,
  way: Way,
): Promise<ReceiveOutcome> {
  const event = await readEvent(ctx, agent, decoded, way);
  if ('outcome' in event) return event;
  const isChecked = event.read.screen !== undefined || event.read.misfit !== undefined;
  const screened = isChecked ? await screen(agent, event) : RUNS;
  if ('outcome' in screened) return screened;
  return await store(ctx, agent, event, screened, way);
}

const reject = ({ agentId, gate: { signature } }: Addressee, refusal: Refusal): ReceiveOutcome => ({
  outcome: 'rejected',
  agent_id: agentId,
  ...(signature && { scheme: signature.scheme }),
  ...refusal,
});

/** The outcome of a request that only tests the URL; undefined for any other request. */
function outcomeOfTry(
  ctx: Context,
  agent: Addressee,
  request: InboundRequest,
  { heedsSender }: Way,
): ReceiveOutcome | undefined {
  const { agentId, gate } = agent;
  const mayBeEvent = request.method === 'POST' || (request.method === 'GET' && gate.allow_get === true);
  if (gate.status === 'disabled' && mayBeEvent) return reject(agent, DISABLED);
  const { signature } = gate;
  const answer = signature && heedsSender ? answerToTry(ctx, agentId, signature, request) : undefined;
  if (!answer) return mayBeEvent ? undefined : { outcome: 'method_not_allowed' };
  if (!('fault' in answer)) return { outcome: 'handshake', agent_id: agentId, answer };
  return reject(agent, {
    code: 'handshake_refused',
    detail: `The URL is not confirmed: ${answer.fault}.`,
    ...(answer.answer && { answer: answer.answer }),
  });
}

/** A request whose body is decompressed. */
interface Decoded {
  request: InboundRequest;
  /** Set if the decompressed body is large. */
  held?: HeldBody | undefined;
  /** Why the compressed bytes are refused. Some senders sign the body and compress it afterwards. */
  unsigned?: Refusal | undefined;
}

/** Why the agent's budget or rate refuses a new event. */
const refusalOfPace = (agent: Addressee): Refusal | undefined =>
  refusalOfBudget(agent) ?? refusalOfRate(agent.rate);

/** Why a request is refused before its body is looked at. */
function earlyRefusal(
  agent: Addressee,
  { headers }: InboundRequest,
  unsigned: Refusal | undefined,
): Refusal | undefined {
  const given = readIdempotencyKey(headers);
  return (
    unsigned ??
    (given.isValid ? undefined : REFUSED_KEY) ??
    (mayBeRetry(agent, given.key) ? undefined : refusalOfPace(agent))
  );
}

type Runs = Extract<Verdict, { verdict: 'runs' }>;

/** An event that was read. */
interface ReadEvent {
  request: InboundRequest;
  query: Query;
  read: ReadPayload;
  idempotency: Idempotency | undefined;
  /** The key to show: the client's, or the sender's id for the event. */
  shownKey: string | undefined;
  /** Why a new event is refused, while a retry is still answered. */
  tooFast: Refusal | undefined;
  /** The sender's own answer, if it wants one. */
  answered: { answer: SenderAnswer } | undefined;
}

async function readEvent(
  ctx: Context,
  agent: Addressee,
  { request: decoded, unsigned, held }: Decoded,
  way: Way,
): Promise<ReadEvent | ReceiveOutcome> {
  const { signature } = agent.gate;
  if (unsigned && (await refusalOfSignature(ctx, agent, decoded, way, 'bytes')))
    return reject(agent, unsigned);
  const query = readQuery(decoded, signature);
  const request = openRequest(ctx, agent.agentId, signature, decoded);
  const reading = readPayload(ctx, agent, request, { screens: way.screens, query, held });
  const read = reading instanceof Promise ? await reading : reading;
  if (!read.ok) return reject(agent, read.refusal);
  const proof = refusalOfSignature(ctx, agent, { ...request, payload: read.sent }, way, 'payload');
  const unproven = proof && (await proof);
  if (unproven) return reject(agent, unproven);
  const sent = { ...request, payload: read.payload };
  const { key } = readIdempotencyKey(request.headers);
  const sender = way.heedsSender ? signature : undefined;
  const handshake = sender && (await answerToHandshake(ctx, agent.agentId, sender, sent));
  if (handshake) return { outcome: 'handshake', agent_id: agent.agentId, answer: handshake };
  const { idempotency, shownKey } = identify(agent, sent, way, read, key);
  const tooFast = refusalOfPace(agent);
  if (tooFast && !idempotency) return reject(agent, tooFast);
  const answer = sender && answerToEvent(sender, sent);
  return { request, query, read, idempotency, shownKey, tooFast, answered: answer && { answer } };
}

/**
 * Whether an event runs: it must be for the agent and match its input_schema. The filter comes first, because
 * an event for another agent need not match.
 */
async function screen(agent: Addressee, { read, answered }: ReadEvent): Promise<Runs | ReceiveOutcome> {
  const screened = (await read.screen?.()) ?? RUNS;
  if (screened.verdict === 'filtered') {
    const { verdict: _, ...why } = screened;
    return { outcome: 'filtered', agent_id: agent.agentId, ...why, ...answered };
  }
  const misfit = await read.misfit?.();
  return misfit ? reject(agent, misfit) : screened;
}

async function store(
  ctx: Context,
  agent: Addressee,
  event: ReadEvent,
  screened: Runs,
  way: Way,
): Promise<ReceiveOutcome> {
  const { agentId, gate, draft } = agent;
  const { tooFast, answered } = event;
  const idempotency = way.once ?? (way.heedsSender ? event.idempotency : undefined);
  const known = taskOf(agent, event, screened, way);
  if (draft) known.data.draft_json = await packText(JSON.stringify(draft));
  if (gate.conversation || gate.burst) Object.assign(known, await groupOf(ctx, agent, event.read, way));
  const task = gate.masks ? await maskTask(ctx, gate.masks, known) : known;
  if ('outcome' in task) return reject(agent, refusalOfMasking(task));
  const added = await offerTask(ctx, task, idempotency);
  if (added.outcome === 'rejected') {
    if (added.code === 'idempotency_key_reused')
      return reject(agent, { code: added.code, detail: detailOf(added.code) });
    return reject(agent, tooFast ?? refusalOfBacklog(agent));
  }
  if (added.outcome === 'accepted' && added.paused)
    ctx.log.warn(
      { agent_id: agentId, task_id: added.task_id, max_per_minute: gate.breaker?.max_per_minute },
      'an agent was paused: it ran too often about the same thing',
    );
  const { response } = gate;
  return { ...added, ...answered, ...(response && { response: { ...response, agent_id: agentId } }) };
}

/** What an event belongs to: a conversation, a burst, both or neither. A draft's test waits for no others. */
async function groupOf(
  ctx: Context,
  { agentId, draft, gate: { conversation, burst } }: Addressee,
  read: ReadPayload,
  { trigger }: Way,
): Promise<Pick<NewTask, 'conversation' | 'conversationError' | 'burst' | 'burstError'>> {
  const [variables, isTest] = [read.variables(), trigger === 'test'];
  const thread = conversation && (await conversationOfEvent(ctx, agentId, conversation, variables, isTest));
  if (!burst || draft) return thread ?? {};
  const apart = { isTest, conversation: thread?.conversation?.id };
  return { ...thread, ...(await burstOfEvent(ctx, agentId, burst, variables, apart)) };
}

/**
 * Whether a request may be a retry, which is answered even above the rate. Only a known key tells it from a
 * new request.
 */
const mayBeRetry = ({ gate }: Addressee, givenKey: string | undefined): boolean =>
  gate.signature !== undefined || givenKey !== undefined;

/** What the task counts towards, if its agent has a breaker and the event has a key. */
function breakerOf(
  { gate: { breaker } }: Addressee,
  { trigger }: Way,
  key: string | undefined,
): Breaker | undefined {
  if (!breaker || trigger !== 'webhook' || (breaker.key !== undefined && key === undefined)) return undefined;
  return { keyHash: textHash(key ?? ''), maxPerMinute: breaker.max_per_minute };
}

const taskOf = (
  agent: Addressee,
  { request, query, read, shownKey, tooFast }: ReadEvent,
  screened: Runs,
  way: Way,
): NewTask => {
  const { agentId, gate, redisNow } = agent;
  const files = read.files.length > 0 ? read.files : undefined;
  return {
    data: {
      agent_id: agentId,
      agent_version: gate.version,
      payload: read.payload,
      headers: safeHeaders(request.headers, hiddenOf(gate.signature).headers),
      ...keptQuery(request, query),
      ...(files && { files: files.map(({ about }) => about) }),
      ...(way.trigger === 'test' && { rehearsal: true as const }),
    },
    payloadJson: read.json,
    files: files?.map(({ content }) => content),
    trigger: way.trigger,
    sender: way.heedsSender ? gate.signature?.scheme : undefined,
    scheduled: way.scheduled,
    key: shownKey,
    filterError: screened.error,
    maxAttempts: gate.max_attempts,
    view: gate,
    retention: gate.retention,
    breaker: breakerOf(agent, way, screened.breakerKey),
    // Above its rate, an agent accepts only retries.
    maxPending: tooFast ? 0 : gate.max_pending,
    redisNow,
  };
};
