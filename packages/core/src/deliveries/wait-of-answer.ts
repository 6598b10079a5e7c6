import { readRetryAfter, untilReset, waitInBody } from '@agenthook/egress';
import { LONGEST_RETRY_AFTER_MS as LONGEST_MS } from './schedule.js';

interface RefusedAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
}

/** How much of a body is searched, in bytes. */
const SEARCHED = 4_096;
/** GitHub's words for a limit that no header tells, and how long to wait after them at least, in ms. */
const SECONDARY = /secondary rate limit|abuse detection/i;
const SECONDARY_MS = 60_000;

/**
 * How long a receiver that refused a request asks to wait, in ms, at most LONGEST_RETRY_AFTER_MS; undefined
 * if it says nothing. GitHub refuses with 403, too, and then says when the limit resets, or only that there
 * is one: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function waitOfAnswer({ status, headers, body }: RefusedAnswer, now: Date): number | undefined {
  const said = readRetryAfter(headers, now, LONGEST_MS);
  if (said !== undefined || (status !== 429 && status !== 403)) return said;
  const text = body.toString('latin1', 0, SEARCHED);
  const inBody = status === 429 ? waitInBody(text, LONGEST_MS) : undefined;
  if (inBody !== undefined) return inBody;
  // GitHub tells the reset with every answer, so a 403 that means something else has it, too.
  const isUsedUp = status === 429 || Number(headers['x-ratelimit-remaining'] ?? 1) === 0;
  const reset = isUsedUp ? untilReset(headers, now) : undefined;
  if (reset !== undefined) return Math.min(Math.max(reset, 0), LONGEST_MS);
  return SECONDARY.test(text) ? SECONDARY_MS : undefined;
}
