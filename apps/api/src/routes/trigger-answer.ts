import {
  detailOf,
  type EventFiltered,
  PREFERENCE_APPLIED_HEADER,
  REPLAYED_HEADER,
  type TaskAccepted,
} from '@agenthook/contracts';
import type { Rate, SenderAnswer, SenderReply, TriggerOutcome } from '@agenthook/core';
import { problemOf, statusOf } from '../plugins/problems.js';
import type { Preference } from './prefer.js';

/** The HTTP answer to a webhook request. An object is sent as JSON, from status 400 on as a problem. */
export interface TriggerAnswer {
  status: number;
  headers: Record<string, string>;
  body: object | string;
}

/** Maps an outcome to the sender's answer. */
export function answerOf(outcome: TriggerOutcome): TriggerAnswer {
  const rate = outcome.rate ? rateHeaders(outcome.rate) : {};
  switch (outcome.outcome) {
    case 'duplicate':
      return stored(outcome, { ...rate, [REPLAYED_HEADER.toLowerCase()]: 'true' });
    case 'accepted':
      return stored(outcome, rate);
    case 'handshake':
      return { ...outcome.answer, headers: { ...rate, ...outcome.answer.headers } };
    case 'filtered': {
      if (outcome.answer) return { ...outcome.answer, headers: { ...rate, ...outcome.answer.headers } };
      const named = outcome.reason === 'ignored_sender' && { reason: outcome.reason };
      const body: EventFiltered = { success: true, task_id: null, filtered: true, ...named };
      return { status: 200, headers: rate, body };
    }
    case 'unknown_webhook':
      return {
        status: statusOf('unknown_webhook'),
        headers: {},
        body: problemOf('unknown_webhook', detailOf('unknown_webhook')),
      };
    case 'method_not_allowed':
      return METHOD_REFUSED;
    case 'rejected': {
      const { code, detail, issues, issuesTotal, retryAfterSeconds, answer } = outcome;
      if (answer) return { ...answer, headers: { ...rate, ...answer.headers } };
      return {
        status: statusOf(code),
        headers: {
          ...rate,
          ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
        },
        body: problemOf(code, detail, issues, issuesTotal),
      };
    }
  }
}

/**
 * The answer to the sender of a stored event. `usual` is that without a wait or a `response`, `bare` the same
 * for a sender without an answer of its own.
 */
export function replyWith(
  { usual, bare }: Record<'usual' | 'bare', TriggerAnswer>,
  made: SenderReply,
  preference: Preference | undefined,
): TriggerAnswer {
  const applied = preference && { [PREFERENCE_APPLIED_HEADER.toLowerCase()]: preference.applied };
  switch (made.reply) {
    case 'state':
      return {
        status: 200,
        headers: { ...bare.headers, ...applied, 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(made.state),
      };
    case 'own':
      return { ...made.answer, headers: { ...bare.headers, ...made.answer.headers } };
    case 'default':
      if (!made.isLate) return usual;
      return {
        ...usual,
        status: 202,
        headers: { ...usual.headers, ...(preference?.waitSeconds === 0 && applied) },
      };
  }
}

function stored(
  { task_id, answer }: { task_id: string; answer?: SenderAnswer },
  headers: Record<string, string>,
): TriggerAnswer {
  const all = { location: `/api/task_status?task_id=${task_id}`, ...headers };
  return answer
    ? { ...answer, headers: { ...all, ...answer.headers } }
    : { status: 200, headers: all, body: { success: true, task_id } satisfies TaskAccepted };
}

/** The same for known and unknown tokens, and whether or not the agent allows GET. */
export const METHOD_REFUSED: TriggerAnswer = {
  status: statusOf('method_not_allowed'),
  headers: { allow: 'POST' },
  body: problemOf('method_not_allowed', detailOf('method_not_allowed')),
};

/** https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ */
function rateHeaders({ perMinute, left, waitMs }: Rate): Record<string, string> {
  const wait = waitMs > 0 ? `;t=${Math.ceil(waitMs / 1000)}` : '';
  return { 'ratelimit-policy': `"tasks";q=${perMinute};w=60`, ratelimit: `"tasks";r=${left}${wait}` };
}
