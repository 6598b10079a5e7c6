import type { SignatureConfig } from '@agenthook/contracts';

/** Headers of a request, names in lower case. */
export type RequestHeaders = Record<string, string | string[] | undefined>;

/** What a request offers in proof. */
export interface Proof {
  /** Signatures without prefix and version; one of them has to match. None: the header has another form. */
  signatures: string[];
  /** As it was sent: it is signed so. In Unix seconds or milliseconds. */
  timestamp?: string | undefined;
  /** The delivery's id, where it is signed too. */
  id?: string | undefined;
}

/** How digests are made and written. */
export interface Hashing {
  algorithm: 'sha1' | 'sha256' | 'sha512';
  encoding: 'hex' | 'base64';
}

export const SHA256_HEX: Hashing = { algorithm: 'sha256', encoding: 'hex' };
export const SHA256_BASE64: Hashing = { algorithm: 'sha256', encoding: 'base64' };

/** One way of signing: what is its own of it. Comparing, secrets and times are the same for all. */
export interface Scheme<S extends SignatureConfig = SignatureConfig> {
  /** The headers that prove a request, each of which it must have once; the first has the signature. */
  proofHeaders(signature: S, headers: RequestHeaders): string[];
  /** What the first of them must look like, for a person. */
  form(signature: S): string;
  /** Reads the values of the proofHeaders, in their order. */
  read(values: string[], signature: S): Proof;
  hashing(signature: S): Hashing;
  /** The key of the HMAC; the secret's own bytes by default. */
  key?(secret: string): Buffer;
  /** What is signed, in parts. */
  content(proof: Proof, body: Buffer, signature: S): (string | Buffer)[];
  /** The headers of a signed request, for one that we send ourselves. */
  write(made: { digest: string; timestamp: string; id: string }, signature: S): Record<string, string>;
  /** Why a text can be no secret of this scheme. */
  faultOfSecret?(secret: string): string | undefined;
  /** What the sender calls this delivery, or the event, at each of its tries. */
  deliveryId?(headers: RequestHeaders, payload: unknown, signature: S): unknown;
  /** The answer to a request by which a sender tries the URL out; undefined for every other. */
  handshake?(headers: RequestHeaders, payload: unknown): Record<string, string> | undefined;
}

/** Reads `prefix` and then a signature from the whole of a header. */
export function readPrefixed(value: string, prefix: string, { encoding }: Hashing): string[] {
  const rest = value.slice(prefix.length);
  return value.startsWith(prefix) && isDigest(rest, encoding) ? [rest] : [];
}

/** Whether a text could be a digest at all. No other sign may be in it, least of all the comma of a repeated header. */
export const isDigest = (text: string, encoding: Hashing['encoding']): boolean =>
  (encoding === 'hex' ? /^[0-9a-fA-F]+$/ : /^[A-Za-z0-9+/_-]+={0,2}$/).test(text);

/** A property of a payload, where it is an object that has it. */
export const propertyOf = (payload: unknown, name: string): unknown =>
  typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>)[name] : undefined;
