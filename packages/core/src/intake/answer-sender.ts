import type { Escape } from '@agenthook/bounded';
import type { AgentResponse, PublicState } from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import type { ReducedState } from '../access/public-result.js';
import type { Context } from '../context.js';
import type { TaskData } from '../queue/job.js';
import { shardOf } from '../queue/task-id.js';
import { unpackText } from '../redis/pack-text.js';
import { isRedisUnavailable } from '../redis/unavailable.js';
import type { SenderAnswer } from '../senders/scheme.js';
import { readDataJson } from '../tasks/ended/read-task-data.js';
import { awaitState } from '../tasks/events/await-task.js';
import type { Waiters } from '../tasks/events/waiters.js';
import { publicTaskStatus, reducedTaskStatus } from '../tasks/status.js';
import type { ReceiveOutcome } from './inbound.js';

/** An event that is stored, now or by an earlier request. */
export type StoredEvent = Extract<ReceiveOutcome, { task_id: string }>;

/** The answer to the sender of a stored event. */
export type SenderReply =
  /** As the agent's `response` says. */
  | { reply: 'own'; answer: SenderAnswer }
  /** The state of the ended task, for a caller that preferred to wait. */
  | { reply: 'state'; state: PublicState }
  /** As without a `response`. `isLate`: the sender wanted the result, and is told that it is not there. */
  | { reply: 'default'; isLate: boolean };

/** How one sender waits. */
export interface SenderWait {
  waiters: Waiters;
  network: string;
  /** Aborts when the sender hangs up. */
  signal: AbortSignal;
  /** How many seconds the caller prefers to wait. undefined: as long as the agent's `response` says. */
  prefersSeconds?: number | undefined;
  /** The URL of the task's status. */
  statusUrl: string;
}

/** How long a template waits for its turn, in ms; the sender waits for the answer. */
const RENDER_WAIT_MS = 2_000;
/** Larger data is not parsed on the event loop, in characters. */
const MAX_INLINE_DATA = 64 * 1024;

/**
 * Decides how the sender of a stored event is answered, and waits for the end of the task if the caller or
 * the agent asks for it. The task is stored, so nothing that goes wrong here refuses the event: the answer is
 * then the default one. While a sender waits, nothing of its event is held in memory.
 */
export async function answerSender(ctx: Context, event: StoredEvent, wait: SenderWait): Promise<SenderReply> {
  const { task_id, response, answer } = event;
  const { prefersSeconds = 0 } = wait;
  if (prefersSeconds > 0) {
    const state = await endOf(ctx, task_id, prefersSeconds, wait, publicTaskStatus);
    if (state) return { reply: 'state', state };
  }
  // Senders with an answer of their own know no other.
  const usual = (isWaiting: boolean): SenderReply => ({ reply: 'default', isLate: isWaiting && !answer });
  if (!response) return usual(false);
  const isWaiting = response.wait_seconds > 0;
  const seconds = wait.prefersSeconds === undefined ? response.wait_seconds : 0;
  const ended = isWaiting ? await endOf(ctx, task_id, seconds, wait, reducedTaskStatus) : undefined;
  if (isWaiting && !ended) return usual(true);
  const body = await bodyOf(ctx, event, response, wait, ended);
  if (body === undefined) return usual(isWaiting);
  return { reply: 'own', answer: { status: response.status, headers: headersOf(response, body), body } };
}

/** The state of a task that ends within `seconds`; undefined for one that does not, or if Redis is down. */
async function endOf<State extends Pick<PublicState, 'finished_at'>>(
  ctx: Context,
  taskId: string,
  seconds: number,
  { waiters, network, signal }: SenderWait,
  read: (ctx: Context, taskId: string) => Promise<State | undefined>,
): Promise<State | undefined> {
  try {
    const how = { ms: seconds * 1000, network, signal };
    const state = await awaitState(ctx, waiters, taskId, how, read);
    return state && state.finished_at !== null ? state : undefined;
  } catch (error) {
    if (!isRedisUnavailable(error))
      ctx.log.error({ err: error, task_id: taskId }, 'waiting for a task threw');
    return undefined;
  }
}

/**
 * The body of an agent's answer; undefined if its template cannot be rendered for this event. The payload is
 * read from the stored task, so that a retry is answered alike.
 */
async function bodyOf(
  ctx: Context,
  { task_id }: StoredEvent,
  response: AgentResponse & { agent_id: string },
  { statusUrl, signal }: SenderWait,
  ended: ReducedState | undefined,
): Promise<string | undefined> {
  if (!/\{[{%]/.test(response.body)) return response.body;
  const known = { task_id, task_status_url: statusUrl, ...(ended && resultOf(ended)) };
  const fails = (reason: unknown) =>
    ctx.log.warn({ task_id, agent_id: response.agent_id, reason }, 'an answer could not be rendered');
  try {
    const shard = shardOf(task_id, ctx.queues.length) ?? 0;
    const data = await readDataJson(ctx, shard, task_id);
    if (data === undefined) return undefined;
    const rendered = await ctx.bounded.renderTemplate(
      { source: response.body, variables: await variablesOf(known, data), escaping: escapeOf(response) },
      { key: response.agent_id, waitMs: RENDER_WAIT_MS, signal },
    );
    if (rendered.outcome === 'rendered') return rendered.text;
    fails(rendered.outcome === 'fault' ? rendered.issue : rendered.outcome);
  } catch (error) {
    fails(error instanceof Error ? error.message : String(error));
  }
  return undefined;
}

const resultOf = ({ status, result }: ReducedState) => ({
  status,
  result,
  error: result !== null && 'error' in result ? result.error : null,
});

/** The variables of an answer's template: what is known of the task, and the event as it is stored. */
async function variablesOf(known: object, data: string): Promise<Record<string, unknown> | string> {
  // Both are objects of ours, whose members have different names.
  const withKnown = (json: string) => `${JSON.stringify(known).slice(0, -1)},${json.slice(1)}`;
  const mayBePacked = data.includes('"payload_json":"z');
  if (data.length > MAX_INLINE_DATA && !mayBePacked) return withKnown(data);
  const { payload_json, ...task } = JSON.parse(data) as TaskData;
  if (payload_json === undefined) return { ...task, ...known };
  const payload = await unpackText(payload_json);
  const json = `${JSON.stringify(task).slice(0, -1)},"payload":${payload}}`;
  return json.length > MAX_INLINE_DATA ? withKnown(json) : { ...task, payload: parseJson(payload), ...known };
}

/** What inserted values must not break: the markup or the JSON around them. */
function escapeOf({ content_type }: AgentResponse): Escape | undefined {
  if (/html|xml/i.test(content_type)) return 'markup';
  return /json/i.test(content_type) ? 'json' : undefined;
}

/**
 * An answer comes from the api's origin, where people are signed in. The sandbox takes every right of that
 * origin from a page, whatever a payload inserted into it: no script runs, and no form is sent.
 */
const SANDBOX =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; frame-ancestors 'none'";

function headersOf({ content_type }: AgentResponse, body: string): Record<string, string> {
  if (body === '') return {};
  // JSON is UTF-8 by definition (RFC 8259, 8.1).
  const needsCharset = !/json|charset/i.test(content_type);
  return {
    'content-type': needsCharset ? `${content_type}; charset=utf-8` : content_type,
    'content-security-policy': SANDBOX,
  };
}
