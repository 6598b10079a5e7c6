import { EgressError, type EgressResponse } from '@agenthook/egress';
import { COMMON_HEADERS } from '../delivery-request.js';
import { waitOfAnswer } from '../wait-of-answer.js';
import type { Sending } from './kinds/destination-kind.js';
import { CannotTell } from './sent.js';

/** How much is read: pages, bytes of each, and ms in total. */
const MOST_PAGES = 30;
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_MS = 30_000;
/** How many messages a page should have. */
export const PAGE_SIZE = 100;

/**
 * Looks for one of these marks in what a receiver has, page by page.
 *
 * @param nextPage the URL of the page after this answer; undefined if it is the last. Throws if the answer is
 *   none
 * @throws CannotTell if the receiver does not say what it has, or has too much
 */
export async function isThere(
  { ctx, egress, signal, timeoutMs }: Sending,
  marks: string[],
  request: { url: string; headers: Record<string, string> },
  nextPage: (answer: EgressResponse, page: number) => string | undefined,
): Promise<boolean> {
  const end = performance.now() + MOST_MS;
  let url: string | undefined = request.url;
  for (let page = 1; url !== undefined; page++) {
    if (page > MOST_PAGES || performance.now() > end)
      throw new CannotTell('The receiver has too many messages to look through.');
    const headers = { ...COMMON_HEADERS, ...request.headers };
    const options = { headers, signal, timeoutMs, maxBytes: MOST_BYTES, redirect: 'manual' as const };
    const answer: EgressResponse = await egress.request(url, options).catch((error) => {
      if (error instanceof EgressError && error.code !== 'aborted') throw new CannotTell(error.message);
      throw error;
    });
    if (answer.status !== 200) {
      const retryAfterMs = waitOfAnswer(answer, new Date(ctx.now()));
      throw new CannotTell(`The receiver answered ${answer.status} when it was asked.`, retryAfterMs);
    }
    if (marks.some((mark) => answer.body.includes(mark))) return true;
    if (answer.truncated) throw new CannotTell('The receiver has too much to look through.');
    url = nextPage(answer, page);
  }
  return false;
}
