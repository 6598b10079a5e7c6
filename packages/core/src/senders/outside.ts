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
/** Requests at the same time; further ones wait. */
const AT_ONCE = 4;
const CERTIFICATES = 50;
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

  const get = (url: string): Promise<string | undefined> =>
    inTurn(async () => {
      opened ??= openEgress();
      const options = { timeoutMs: TIMEOUT_MS, maxBytes: LONGEST_ANSWER, maxRedirects: 0 };
      try {
        const { status, body } = await (await opened).request(url, options);
        return status >= 200 && status < 300 ? body.toString() : undefined;
      } catch (error) {
        if (error instanceof EgressError) return undefined;
        throw error;
      }
    });

  const keys = new LRUCache<string, KeyObject | 'failed'>({
    max: CERTIFICATES,
    fetchMethod: async (url, _stale, { options }) => {
      const key = publicKeyOf(await get(url));
      if (key === undefined) options.ttl = FAILURE_SECONDS * 1000;
      return key ?? 'failed';
    },
  });

  return {
    publicKeyAt: async (url) => {
      const key = await keys.fetch(url);
      if (key !== undefined && key !== 'failed') return key;
      throw new AppError('busy', "The sender's certificate cannot be fetched at the moment.", {
        retryAfterSeconds: FAILURE_SECONDS,
      });
    },
    visit: async (url) => (await get(url)) !== undefined,
    close: async () => (await opened)?.close(),
  };
}

function publicKeyOf(pem: string | undefined): KeyObject | undefined {
  if (pem === undefined) return undefined;
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}
