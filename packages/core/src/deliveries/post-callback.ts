import { type DeliveryAttempt, RESPONSE_EXCERPT_BYTES } from '@agenthook/contracts';
import { type Egress, EgressError, type EgressResponse } from '@agenthook/egress';
import type { Context } from '../context.js';
import { COMMON_HEADERS } from './delivery-request.js';
import { waitOfAnswer } from './wait-of-answer.js';

const MAX_ANSWER_BYTES = 4_096;

/**
 * The result of one request, apart from what the log stores. `gone`: 410; `refused` and `incomplete`: never
 * worth a retry.
 */
export interface Posted {
  attempt: DeliveryAttempt;
  outcome: 'delivered' | 'failed' | 'gone' | 'refused' | 'incomplete';
  retryAfterMs?: number;
}

/**
 * Posts a callback once, through egress. Does not follow redirects, because the request is signed for this
 * receiver. The head of the answer decides, even if the body breaks off or never arrives: the receiver has
 * the callback. Throws if `signal` aborts, and on a defect of ours.
 */
export async function postCallback(
  ctx: Context,
  egress: Egress,
  request: {
    url: string;
    /** Default: POST. */
    method?: string;
    headers: Record<string, string>;
    body: string;
    signal: AbortSignal;
    timeoutMs: number;
  },
): Promise<Posted> {
  const { url, method = 'POST', headers, body, signal, timeoutMs } = request;
  const at = new Date(ctx.now());
  const started = performance.now();
  const attemptWith = (rest: Pick<DeliveryAttempt, 'response_status' | 'error' | 'response_excerpt'>) => ({
    at: at.toISOString(),
    duration_ms: Math.round(performance.now() - started),
    ...rest,
  });
  let head: Pick<EgressResponse, 'status' | 'headers'> | undefined;
  const answered = ({ status, headers }: NonNullable<typeof head>, body: Buffer): Posted => {
    const error = problemOf(status);
    const attempt = attemptWith({
      response_status: status,
      error: error ?? null,
      response_excerpt: excerptOf(body),
    });
    if (error === undefined) return { attempt, outcome: 'delivered' };
    if (status === 410) return { attempt, outcome: 'gone' };
    const retryAfterMs = waitOfAnswer({ status, headers, body }, new Date(ctx.now()));
    return { attempt, outcome: 'failed', ...(retryAfterMs !== undefined && { retryAfterMs }) };
  };
  try {
    const answer = await egress.request(url, {
      method,
      headers: { ...COMMON_HEADERS, ...headers },
      body,
      signal,
      timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
      redirect: 'manual',
      onHead: (told) => {
        head = told;
      },
    });
    return answered(answer, answer.body);
  } catch (error) {
    if (!(error instanceof EgressError) || error.code === 'aborted') throw error;
    if (head) return answered(head, Buffer.alloc(0));
    const attempt = {
      ...attemptWith({ response_status: null, error: error.message, response_excerpt: '' }),
      ...(error.mayHaveHappened && { outcome_unknown: true }),
    };
    const isRefused = error.code === 'blocked' || error.code === 'invalid_url';
    return { attempt, outcome: isRefused ? 'refused' : 'failed' };
  }
}

/** Why an answer does not count as delivered; undefined if it does (Standard Webhooks: any 2xx). */
function problemOf(status: number): string | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status === 410) return 'The receiver answered 410 Gone: it wants no more callbacks.';
  if (status >= 300 && status < 400)
    return `The receiver answered ${status}, a redirect. Callbacks follow none: set the URL that it leads to.`;
  return `The receiver answered ${status}.`;
}

/** The beginning of an answer as text. Replaces invalid UTF-8, and removes control characters. */
function excerptOf(body: Buffer): string {
  const text = new TextDecoder().decode(body.subarray(0, RESPONSE_EXCERPT_BYTES), {
    stream: body.length > RESPONSE_EXCERPT_BYTES,
  });
  return text.replace(/[^\P{Cc}\n\t]/gu, '');
}
