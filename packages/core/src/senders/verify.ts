import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SignatureConfig } from '@agenthook/contracts';
import type { Hashing, Proof, RequestHeaders } from './scheme.js';
import { schemeOf } from './schemes.js';

/** Unix time in seconds, or in milliseconds from the year 2001 on. */
const UNIX_TIME = /^\d{1,13}$/;
const MILLISECONDS_FROM = 1e12;

/**
 * Verifies a request's signature over its raw bytes. Returns undefined if a given signature was made with one
 * of `secrets`; otherwise the fault, worded for the sender. Apart from the match itself, the result does not
 * depend on a secret. Never throws because of a request's content.
 */
export function faultOfSignature(
  signature: SignatureConfig,
  secrets: readonly string[],
  { headers, body }: { headers: RequestHeaders; body: Buffer },
  nowMs: number,
): string | undefined {
  const scheme = schemeOf(signature);
  const names = scheme.proofHeaders(signature, headers);
  const values: string[] = [];
  for (const name of names) {
    const value = headers[name.toLowerCase()];
    if (value === undefined) return `${name} is missing`;
    if (typeof value !== 'string') return `${name} came more than once`;
    values.push(value);
  }
  const proof = scheme.read(values, signature);
  if (proof.signatures.length === 0) return `${names[0]} is not of the form ${scheme.form(signature)}`;
  const untimely = proof.timestamp === undefined ? undefined : faultOfTime(proof.timestamp, signature, nowMs);
  if (untimely !== undefined) return untimely;
  return secrets.some((secret) => isSignedWith(secret, signature, proof, body))
    ? undefined
    : `${names[0]} does not match the body and the secret of this agent`;
}

function faultOfTime(timestamp: string, signature: SignatureConfig, nowMs: number): string | undefined {
  if (!UNIX_TIME.test(timestamp)) return 'the timestamp is not a Unix time';
  const number = Number(timestamp);
  const aheadMs = (number < MILLISECONDS_FROM ? number * 1000 : number) - nowMs;
  const seconds = 'tolerance_seconds' in signature ? (signature.tolerance_seconds ?? 0) : 0;
  if (Math.abs(aheadMs) <= seconds * 1000) return undefined;
  return aheadMs < 0
    ? `the timestamp is older than ${seconds} s`
    : `the timestamp is more than ${seconds} s in the future`;
}

function isSignedWith(secret: string, signature: SignatureConfig, proof: Proof, body: Buffer): boolean {
  const { encoding } = schemeOf(signature).hashing(signature);
  const expected = comparable(digestOf(secret, signature, proof, body), encoding);
  return proof.signatures.some((given) => isEqual(comparable(given, encoding), expected));
}

/** The digest of a request, in the scheme's encoding. */
export function digestOf(secret: string, signature: SignatureConfig, proof: Proof, body: Buffer): string {
  const scheme = schemeOf(signature);
  const { algorithm, encoding } = scheme.hashing(signature);
  const hmac = createHmac(algorithm, scheme.key?.(secret) ?? secret);
  for (const part of scheme.content(proof, body, signature)) hmac.update(part);
  return hmac.digest(encoding);
}

/**
 * Normalizes a digest: hex in either case, and base64 in either alphabet, with or without padding, are equal.
 */
const comparable = (digest: string, encoding: Hashing['encoding']): string =>
  encoding === 'hex'
    ? digest.toLowerCase()
    : digest
        .replace(/(?<!=)=+$/, '')
        .replaceAll('-', '+')
        .replaceAll('_', '/');

/** Compares in time that does not depend on where the texts differ. The length of a digest is not secret. */
const isEqual = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
