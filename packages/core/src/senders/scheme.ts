import type { SignatureConfig } from '@agenthook/contracts';

/** Headers of a request, with names in lower case. */
export type RequestHeaders = Record<string, string | string[] | undefined>;

/** The whole HTTP answer to a sender. Header names are in lower case. */
export interface SenderAnswer {
  status: number;
  headers: Record<string, string>;
  /** Empty for an answer without a body. */
  body: string;
}

/** A 200 with a JSON body. */
export const jsonAnswer = (value: unknown): SenderAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
});

/** What a request contains as proof. */
export interface Proof {
  /** Signatures without prefix and version, one of which must match. Empty if the header is malformed. */
  signatures: string[];
  /** The timestamp as it was sent and signed, in Unix seconds or milliseconds. */
  timestamp?: string | undefined;
  /** The delivery's id, if it is signed too. */
  id?: string | undefined;
}

/** How digests are computed and encoded. */
export interface Hashing {
  algorithm: 'sha1' | 'sha256' | 'sha512';
  encoding: 'hex' | 'base64';
}

export const SHA256_HEX: Hashing = { algorithm: 'sha256', encoding: 'hex' };
export const SHA256_BASE64: Hashing = { algorithm: 'sha256', encoding: 'base64' };

/**
 * One signature scheme: only what is specific to it. All schemes share the comparison, secrets and time
 * checks.
 */
export interface Scheme<S extends SignatureConfig = SignatureConfig> {
  /**
   * The headers that prove a request. Each must be present exactly once; the first contains the signature.
   */
  proofHeaders(signature: S, headers: RequestHeaders): string[];
  /** The expected form of the first header, for a person. */
  form(signature: S): string;
  /** Parses the values of proofHeaders, in their order. */
  read(values: string[], signature: S): Proof;
  hashing(signature: S): Hashing;
  /** The HMAC key; by default the secret's own bytes. */
  key?(secret: string): Buffer;
  /** The signed content, in parts. */
  content(proof: Proof, body: Buffer, signature: S): (string | Buffer)[];
  /** The headers of a signed request that we send ourselves. */
  write(made: { digest: string; timestamp: string; id: string }, signature: S): Record<string, string>;
  /** Why a text cannot be a secret of this scheme. */
  faultOfSecret?(secret: string): string | undefined;
  /** The sender's id for this delivery or event, which is the same at each attempt. */
  deliveryId?(headers: RequestHeaders, payload: unknown, signature: S): unknown;
  /** The answer to a request with which a sender tests the URL; undefined for every other request. */
  handshake?(headers: RequestHeaders, payload: unknown): SenderAnswer | undefined;
}

/** Parses a header that is exactly `prefix` and a signature. */
export function readPrefixed(value: string, prefix: string, { encoding }: Hashing): string[] {
  const rest = value.slice(prefix.length);
  return value.startsWith(prefix) && isDigest(rest, encoding) ? [rest] : [];
}

/**
 * Whether a text has the form of a digest. Other characters are invalid, especially the comma of a repeated
 * header.
 */
export const isDigest = (text: string, encoding: Hashing['encoding']): boolean =>
  (encoding === 'hex' ? /^[0-9a-fA-F]+$/ : /^[A-Za-z0-9+/_-]+={0,2}$/).test(text);

/** A property of a payload, if the payload is an object that has it. */
export const propertyOf = (payload: unknown, name: string): unknown =>
  typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>)[name] : undefined;
