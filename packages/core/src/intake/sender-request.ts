import type { SignatureConfig } from '@agenthook/contracts';
import { openSignatureSecrets } from '../agents/signature-secrets.js';
import type { Context } from '../context.js';
import type { RequestHeaders, SenderAnswer } from '../senders/scheme.js';
import { schemeOf } from '../senders/schemes.js';
import { faultOfSignature } from '../senders/verify.js';

/** Why the signature of a request to an agent is invalid; undefined if it is valid. */
export const faultOfRequest = (
  ctx: Context,
  agentId: string,
  signature: SignatureConfig,
  request: { headers: RequestHeaders; body: Buffer },
): string | undefined =>
  faultOfSignature(signature, openSignatureSecrets(signature, ctx.secrets, agentId), request, ctx.now());

/**
 * The payload properties by which known senders identify a delivery or test a URL (`deliveryId`,
 * `handshake`).
 */
export const PAYLOAD_PROPERTIES = ['id', 'type', 'event_id', 'challenge', 'ssl_check'];

/** The answer that a sender expects when it tests the URL; undefined for every other request. */
export const answerToHandshake = (
  signature: SignatureConfig,
  headers: RequestHeaders,
  payload: unknown,
): SenderAnswer | undefined => schemeOf(signature).handshake?.(headers, payload);

/**
 * The header, in lower case, that holds the delivery's id in an agent's own scheme. Those of known senders
 * are safe headers.
 */
export const idHeaderOf = (signature: SignatureConfig | undefined): string | undefined =>
  signature?.scheme === 'hmac' ? signature.id_header?.toLowerCase() : undefined;

/**
 * The sender's id for this delivery, which is the same at each attempt; undefined if the sender sends none.
 */
export function deliveryIdOf(
  signature: SignatureConfig,
  headers: RequestHeaders,
  payload: unknown,
): string | undefined {
  const id = schemeOf(signature).deliveryId?.(headers, payload, signature);
  return typeof id === 'string' && id !== '' ? `${signature.scheme} ${id}` : undefined;
}
