import type { ErrorCode, Schedule } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { giveBackRate } from '../intake/give-back-rate.js';
import type { InboundRequest, ReceiveOutcome } from '../intake/inbound.js';
import { noteFiltered, noteRejection } from '../intake/note-rejection.js';
import { receive } from '../intake/receive.js';
import { resolveAgent } from '../intake/resolve-webhook.js';
import { type Scheduled, WAYS } from '../intake/ways.js';
import type { Idempotency } from '../queue/add-tasks.js';
import { taskIdOfText } from '../queue/task-id-of-text.js';
import { ADD_DEADLINE_MS } from '../redis/connect.js';

/** Names the schedule to templates and filters. */
const SCHEDULE_HEADER = 'x-agenthook-schedule';
const DUE_HEADER = 'x-agenthook-due-at';

/** Refusals that pass: the run stays due, and is tried again. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['rate_limited', 'too_many_pending', 'busy']);
const RETRY_SECONDS = 5;

/** The outcome of a schedule's event. */
export type EventOutcome =
  /** `isNew` is false for the task of an earlier call, or of the same due time. */
  | { outcome: 'ran'; task: string; isNew: boolean }
  | { outcome: 'filtered' }
  | { outcome: 'refused'; code: ErrorCode; detail: string }
  /** It may run later. */
  | { outcome: 'later'; code: ErrorCode; afterSeconds: number; detail: string }
  | { outcome: 'unknown_agent' };

/**
 * The id of a run's task: the same for the same due time, so that a second event, of another process or after
 * a restored backup, gets the first one's task.
 */
export const scheduledTaskId = (
  ctx: Context,
  agentId: string,
  scheduleId: string,
  dueMs: number,
): Promise<string> => taskIdOfText(ctx, agentId, `${agentId}:${scheduleId}:${dueMs}`, 'scheduled task');

/**
 * Makes the event of a schedule and gives it to intake, where the agent's rate, filter, input_schema and
 * limits apply as for every sender. Refused and filtered events are kept for the agent's owner.
 *
 * @param once the Idempotency-Key of a call that runs it
 * @param storeByMs Redis's time from which Redis refuses the task, because another process may then have
 *   the schedule
 */
export async function makeEvent(
  ctx: Context,
  agentId: string,
  { payload }: Schedule,
  scheduled: Scheduled,
  { once, storeByMs }: { once?: Idempotency | undefined; storeByMs?: number } = {},
): Promise<EventOutcome> {
  const agent = await resolveAgent(ctx, agentId, { rated: true });
  if (!agent) return { outcome: 'unknown_agent' };
  const request = requestOf(payload, scheduled);
  const addressee =
    storeByMs === undefined ? agent : { ...agent, redisNow: () => storeByMs - ADD_DEADLINE_MS };
  const outcome = await receive(ctx, addressee, request, WAYS.schedule(scheduled, once));
  if (agent.rate?.waitMs === 0 && outcome.outcome !== 'accepted') giveBackRate(ctx, agentId, agent.rate);
  if (outcome.outcome === 'filtered') noteFiltered(ctx, agent, outcome, request);
  if (outcome.outcome === 'rejected' && !PASSING.has(outcome.code))
    noteRejection(ctx, agent, outcome, request);
  return outcomeOf(outcome);
}

function outcomeOf(outcome: ReceiveOutcome): EventOutcome {
  switch (outcome.outcome) {
    case 'accepted':
    case 'duplicate':
      return { outcome: 'ran', task: outcome.task_id, isNew: outcome.outcome === 'accepted' };
    case 'filtered':
      return { outcome: 'filtered' };
    case 'rejected': {
      const { code, detail, retryAfterSeconds = RETRY_SECONDS } = outcome;
      if (PASSING.has(code)) return { outcome: 'later', code, afterSeconds: retryAfterSeconds, detail };
      return { outcome: 'refused', code, detail };
    }
    default:
      throw new Error(`the event of a schedule was taken for ${outcome.outcome}`);
  }
}

function requestOf(payload: unknown, { id, dueMs }: Scheduled): InboundRequest {
  const headers = {
    'content-type': 'application/json',
    [SCHEDULE_HEADER]: id,
    [DUE_HEADER]: new Date(dueMs).toISOString(),
  };
  const body = Buffer.from(JSON.stringify(payload) ?? '{}');
  return { method: 'POST', url: SCHEDULE_URL, query: '', body, headers };
}

/** No one posts to it. */
const SCHEDULE_URL = '/api/webhooks/agents/schedule';
