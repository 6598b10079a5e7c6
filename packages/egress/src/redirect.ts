import { EgressError } from './egress.js';
import { parseTarget } from './target.js';

/** One request of an exchange. `B` is what its client takes as a body. */
export interface Hop<B> {
  url: URL;
  method: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: B | undefined;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Headers that say nothing of who asks. All else that a caller sends may be a credential. */
const SAFE_ACROSS_ORIGINS = new Set(['accept', 'accept-language', 'content-type', 'user-agent']);
/** Fetch standard, "request-body-header name". */
const OF_THE_BODY = new Set(['content-encoding', 'content-language', 'content-location', 'content-type']);

/**
 * The request that a redirect asks for, by the fetch standard's "HTTP-redirect fetch"; undefined where the answer is
 * none. Where the origin changes, a step from https down to http included, all headers but a few harmless ones are left
 * out. Throws EgressError when the location is not to be followed.
 */
export function nextHop<B>(hop: Hop<B>, status: number, location: string | undefined): Hop<B> | undefined {
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  const url = parseTarget(location, hop.url);

  const becomesGet =
    ((status === 301 || status === 302) && hop.method === 'POST') ||
    (status === 303 && hop.method !== 'GET' && hop.method !== 'HEAD');
  const method = becomesGet ? 'GET' : hop.method;
  const body = becomesGet ? undefined : hop.body;
  if (body !== undefined && hop.url.protocol === 'https:' && url.protocol === 'http:')
    throw new EgressError(
      'blocked',
      'Refused: a redirect would send the request body on without encryption.',
    );

  const kept = Object.entries(hop.headers).filter(
    ([name]) =>
      (url.origin === hop.url.origin || SAFE_ACROSS_ORIGINS.has(name)) &&
      !(becomesGet && OF_THE_BODY.has(name)),
  );
  return { url, method, headers: Object.fromEntries(kept), body };
}

/** Throws EgressError `too_many_redirects` when one more than `max` is asked for. */
export function countRedirect(followed: number, max: number): void {
  if (followed >= max)
    throw new EgressError('too_many_redirects', `Gave up after ${max} redirect${max === 1 ? '' : 's'}.`);
}
