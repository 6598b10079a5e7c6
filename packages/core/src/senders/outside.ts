import { createPublicKey, type KeyObject } from 'node:crypto';
import { type Egress, EgressError } from '@agenthook/egress';
import { LRUCache } from 'lru-cache';
import { atOnce } from '../at-once.js';
import { AppError } from '../errors.js';

/** What a few senders need from the internet before their requests can be answered. */
export interface Outside {
  /**
   * The public key of the certificate (PEM) at a URL. It is cached, because a certificate never changes.
   * Throws `busy` if the certificate cannot be fetched, so that the sender tries again.
   */
  publicKeyAt(url: string): Promise<KeyObject>;
  /** Requests a URL by GET. Returns whether the answer is a success. */
  visit(url: string): Promise<boolean>;
}

/** Opens the guard, when the first request is made. */
export type OpenEgress = () => Promise<Egress>;
const noEgress: OpenEgress = () => Promise.reject(new Error('This process makes no requests for senders.'));

/** The sender waits meanwhile. */
const TIMEOUT_MS = 5_000;
/** A certificate has about 2 KB. */
const LONGEST_ANSWER = 20_000;
/** Requests at the same time. As many more as WAITING wait; beyond that, a request fails at once. */
const AT_ONCE = 4;
const WAITING = 20;
const CERTIFICATES = 50;
const FAILURES = 1_000;
/**
 * How long a failure is cached, so that a flood of requests does not become one to the certificate's server.
 */
const FAILURE_SECONDS = 10;

/**
 * All requests go through the guard. The caller checks that a URL is one of the sender's own. `close` closes
 * the guard's connections.
 */
export function createOutside(openEgress = noEgress): Outside & { close(): Promise<void> } {
  let opened: Promise<Egress> | undefined;
  const inTurn = atOnce(AT_ONCE);
  let asking = 0;

  const get = async (url: string): Promise<string | undefined> => {
    if (asking >= AT_ONCE + WAITING) throw unreachable();
    asking += 1;
    try {
      return await inTurn(() => request(url));
    } finally {
      asking -= 1;
    }
  };
  const request = async (url: string): Promise<string | undefined> => {
    opened ??= openEgress();
    const options = { timeoutMs: TIMEOUT_MS, maxBytes: LONGEST_ANSWER, maxRedirects: 0 };
    try {
      const { status, body } = await (await opened).request(url, options);
      return status >= 200 && status < 300 ? body.toString() : undefined;
    } catch (error) {
      if (error instanceof EgressError) return undefined;
      throw error;
    }
  };

  const keys = new LRUCache<string, KeyObject>({ max: CERTIFICATES });
  // Apart from the keys, so that URLs which a stranger made up never displace a certificate.
  const failed = new LRUCache<string, true>({ max: FAILURES, ttl: FAILURE_SECONDS * 1000 });
  const underway = new Map<string, Promise<KeyObject | undefined>>();

  const fetchKey = async (url: string): Promise<KeyObject | undefined> => {
    try {
      const key = publicKeyOf(await get(url));
      if (key) keys.set(url, key);
      else failed.set(url, true);
      return key;
    } finally {
      underway.delete(url);
    }
  };
  const keyAt = async (url: string): Promise<KeyObject | undefined> => {
    const known = keys.get(url);
    if (known || failed.has(url)) return known;
    const fetching = underway.get(url) ?? fetchKey(url);
    underway.set(url, fetching);
    return await fetching;
  };

  return {
    publicKeyAt: async (url) => {
      const key = await keyAt(url);
      if (key === undefined) throw unreachable();
      return key;
    },
    visit: async (url) => (await get(url)) !== undefined,
    close: async () => (await opened)?.close(),
  };
}

const unreachable = () =>
  new AppError('busy', "The sender's certificate cannot be fetched at the moment.", {
    retryAfterSeconds: FAILURE_SECONDS,
  });

function publicKeyOf(pem: string | undefined): KeyObject | undefined {
  if (pem === undefined) return undefined;
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}
