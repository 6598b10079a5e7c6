import type { SignatureConfig, Signing } from '@agenthook/contracts';
import type { Outside } from '../outside.js';
import type { SenderRequest } from '../request.js';

/** What a request is checked with. */
export interface ProofKeys {
  /** The secrets in plain text, or the public keys; the current one first. */
  keys: readonly string[];
  /** The clock, in ms since the epoch. */
  nowMs: number;
  outside: Outside;
}

/** A request that we sign ourselves. */
export interface Signed {
  headers: Record<string, string>;
  /** Where it differs from the given one. */
  url?: string;
  body?: Buffer;
}

/** Where a request has the secret itself, or its signature. */
export interface Hidden {
  /** Headers, in any case. */
  headers: string[];
  /** Parameters of the query. */
  query?: string[];
  /** Properties of the payload, such as `event.token`. `*` stands for each item of a list. */
  properties?: string[];
}

/** How a request is proven to be its sender's. */
export interface Proof<C extends SignatureConfig = SignatureConfig> {
  /**
   * Why a request is not proven, worded for the sender; undefined if it is. Apart from that, the result does
   * not depend on a key. Never throws because of a request's content. `payload` is there if `isInPayload`.
   */
  fault(
    request: SenderRequest & { payload?: unknown },
    config: C,
    keys: ProofKeys,
  ): string | undefined | Promise<string | undefined>;
  /** Whether the proof is inside the body, so that the body is parsed first. */
  isInPayload?(config: C): boolean;
  /**
   * A request as the sender would send it, with `key` and at the time of the clock. Absent if it takes a key
   * that only the sender has.
   */
  sign?(request: SenderRequest, config: C, key: string, made: { nowMs: number; id: string }): Signed;
  /** How another program makes the proof; undefined if it would need our code. */
  signing?(config: C): Signing | undefined;
  /** What is stored nowhere and shown to nobody. */
  hides(config: C): Hidden;
  /** Why a text cannot be a secret of this sender. */
  faultOfSecret?(secret: string): string | undefined;
  /** Whether requests are checked although the agent has no key. */
  isKeyless?: boolean;
  /** Whether the proof, such as a fixed text, does not cover the body. */
  isToken?: boolean;
  /** Whether a request without a body or signature, such as a GET, can be proven. */
  coversGet?: boolean;
}
