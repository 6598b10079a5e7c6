import { COMMON_HEADERS } from '../delivery-request.js';
import type { Sending } from './kinds/destination-kind.js';
import type { Sent } from './sent.js';

/** Why an answer does not count as accepted. */
export interface Problem {
  error: string;
  /** Whether the receiver may have accepted the request although it does not say so. */
  isUnknown: boolean;
}

/** A request of a destination. */
interface Outgoing {
  url: string;
  method?: string;
  headers: Record<string, string>;
  body: string;
  /** Why an answer with a status of 2xx is a failure all the same; undefined if it is none. */
  problemOf?: (body: string) => Problem | undefined;
  /** Removes secrets from a text. */
  clean?: (text: string) => string;
}

/**
 * Sends one request. Its `Idempotency-Key` is the same in each attempt. Redirects are not followed, because
 * the request holds a secret.
 */
export async function postTo(sending: Sending, outgoing: Outgoing): Promise<Sent> {
  const { ctx, egress, id, signal, timeoutMs } = sending;
  const { url, method, headers, body, problemOf, clean = (text) => text } = outgoing;
  // Imported here, because the api never delivers and needs no HTTP client.
  const { postCallback } = await import('../post-callback.js');
  const posted = await postCallback(ctx, egress, {
    url,
    ...(method !== undefined && { method }),
    headers: { ...COMMON_HEADERS, 'idempotency-key': id, ...headers },
    body,
    signal,
    timeoutMs,
  });
  const { attempt, ...rest } = posted;
  const problem = posted.outcome === 'delivered' ? problemOf?.(attempt.response_excerpt ?? '') : undefined;
  const error = problem?.error ?? attempt.error;
  return {
    ...rest,
    // Only the receiver of callbacks can end them by 410.
    outcome: problem !== undefined || posted.outcome === 'gone' ? 'failed' : posted.outcome,
    url: clean(url),
    attempt: {
      ...attempt,
      error: error === null ? null : clean(error),
      ...(problem?.isUnknown && { outcome_unknown: true }),
      response_excerpt: attempt.response_excerpt === null ? null : clean(attempt.response_excerpt),
    },
  };
}
