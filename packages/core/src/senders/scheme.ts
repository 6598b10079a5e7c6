import type { ProblemIssue, SignatureConfig } from '@agenthook/contracts';
import type { Outside } from './outside.js';
import type { Proof } from './proofs/proof.js';
import type { RequestHeaders, SenderRequest } from './request.js';

export type { RequestHeaders, SenderRequest };

/** An event whose proof holds. */
export interface SenderEvent extends SenderRequest {
  /** The parsed payload. Of a large one, only what the scheme's `reads` names. */
  payload: unknown;
}

/** An answer to a sender. */
export interface SenderAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Why a sender's test of the URL fails, worded for the sender. */
export interface FailedTry {
  fault: string;
  /** What the sender is answered all the same, where only a person can go on. The request is kept. */
  answer?: SenderAnswer;
}

/** A request as the sender's own documentation shows one. */
interface Sample {
  headers?: Record<string, string>;
  /** Default: application/json. */
  contentType?: string;
  /** An object is sent as JSON. */
  body: object | string;
}

/**
 * One sender: only what is specific to it. Each is one file; its fields are in contracts/src/signature, its
 * line in schemes.ts.
 */
export interface Scheme<C extends SignatureConfig = SignatureConfig> {
  /** The sender's page about its webhooks. */
  docs?: string;
  /** The setup at the sender, step by step, in the sender's own terms. */
  steps: string[];
  sample: Sample;
  /** The form of a secret that the agent's owner may choose. Absent if the sender shows it. */
  generates?: 'hex' | 'whsec';
  /** Where an event's name is: a header (in any case), or a property of the payload. */
  event?: { header: string } | { property: string };
  /** How a request is proven to be the sender's. Absent if the sender sends no proof. */
  proof?: Proof<C>;
  /** More reasons why a configuration cannot work, with paths below /signature. */
  faultsOf?(config: C): ProblemIssue[];
  /** Fills in defaults that depend on other fields. */
  complete?(filled: C, given: C): SignatureConfig;
  /**
   * The answer to an unsigned request that tests the URL: any GET, HEAD or OPTIONS, and what the sender posts
   * before it knows a secret. Called before the body is parsed, so it must be quick for any body. It may echo
   * text, but reveals nothing about a secret. undefined: an ordinary request.
   */
  greet?(request: SenderRequest, config: C, secrets: Secrets): SenderAnswer | FailedTry | undefined;
  /** The same for a request whose proof holds. */
  handshake?(
    event: SenderEvent,
    config: C,
    secrets: Secrets,
    outside: Outside,
  ): SenderAnswer | undefined | Promise<SenderAnswer | undefined>;
  /** The header that identifies a delivery, and stays the same at each attempt. */
  idHeader?(config: C): string | undefined;
  /** That id, if it is not simply the value of `idHeader`. Only a text counts. */
  deliveryId?(event: Pick<SenderEvent, 'headers' | 'payload' | 'query'>, config: C): unknown;
  /** The answer to an event. By default JSON with the task's id. An agent's own `response` comes first. */
  answer?(event: SenderEvent, config: C): SenderAnswer | undefined;
  /** The event in an encrypted body whose proof holds; undefined if the body is not encrypted. */
  opens?(body: Buffer, secrets: Secrets): Buffer | undefined;
  /** The form field whose value, as JSON, is the payload. */
  unfolds?: string;
  /** Whether a request without a body is an event. */
  takesEmptyBody?: boolean;
  /**
   * Properties of the payload that this file reads. Nested ones have dots: `event.id`; `*` stands for each
   * item of a list. Only these exist in the payload of a large body; short texts, numbers and booleans as
   * they are, anything else as an empty object.
   */
  reads?: string[];
}

/** The plain values of an agent's write-only fields. */
export interface Secrets {
  /** The current secret first. Empty if the agent has none. */
  secrets: readonly string[];
  verifyToken?: string | undefined;
}

/** 200 with a text, as senders want their challenge back. */
export const textAnswer = (body: string, status = 200): SenderAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
});

export const jsonAnswer = (value: object): SenderAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
});

/** An answer without a body. */
export const emptyAnswer = (status = 200, headers: Record<string, string> = {}): SenderAnswer => ({
  status,
  headers,
  body: '',
});

/** Visible text on one line. Answers are text/plain that no browser sniffs. */
const ECHOED = /^[\x20-\x7e]{1,500}$/;
/** Shorter, and without any character that a signed JSON object needs. */
const HASHED = /^[A-Za-z0-9+/=._~-]{1,200}$/;

/** A challenge that may be echoed; undefined if a value is none. */
export const echoed = (value: unknown): string | undefined =>
  typeof value === 'string' && ECHOED.test(value) ? value : undefined;

/**
 * A challenge whose HMAC may be sent in answer to an unsigned request; undefined for any other value. The
 * HMAC of an event is its signature, so anyone who could ask for any HMAC could sign for the sender.
 */
export const hashable = (value: unknown): string | undefined =>
  typeof value === 'string' && HASHED.test(value) ? value : undefined;

/** The item of a list that has exactly one. */
export const onlyOne = (list: unknown): unknown =>
  Array.isArray(list) && list.length === 1 ? list[0] : undefined;

/** The longest body of a test of the URL, in bytes. */
const LONGEST_TRY = 8_000;

/** The JSON of a body that may test the URL; undefined for a longer one, which is not parsed. */
export function smallJson(body: Buffer): unknown {
  if (body.length > LONGEST_TRY) return undefined;
  try {
    return JSON.parse(body.toString().replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

/** A header that came once. */
export function headerOf({ headers }: Pick<SenderRequest, 'headers'>, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return typeof value === 'string' ? value : undefined;
}
