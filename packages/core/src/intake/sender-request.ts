import type { SignatureConfig } from '@agenthook/contracts';
import { openSignatureSecrets } from '../agents/signature-secrets.js';
import type { Context } from '../context.js';
import type { RequestHeaders } from '../senders/scheme.js';
import { schemeOf } from '../senders/schemes.js';
import { faultOfSignature } from '../senders/verify.js';

/** What is wrong with the signature of a request to an agent; undefined where it holds. */
export const faultOfRequest = (
  ctx: Context,
  agentId: string,
  signature: SignatureConfig,
  request: { headers: RequestHeaders; body: Buffer },
): string | undefined =>
  faultOfSignature(signature, openSignatureSecrets(signature, ctx.secrets, agentId), request, ctx.now());

/** The properties of a payload by which known senders name a delivery or try a URL out (`deliveryId`, `handshake`). */
export const PAYLOAD_PROPERTIES = ['id', 'type', 'event_id', 'challenge', 'ssl_check'];

/** The answer that a sender waits for when it tries the URL out; undefined for every other request. */
export const answerToHandshake = (
  signature: SignatureConfig,
  headers: RequestHeaders,
  payload: unknown,
): Record<string, string> | undefined => schemeOf(signature).handshake?.(headers, payload);

/** The header, in lower case, that an agent's own signature has for the delivery's id; those of known senders are safe. */
export const idHeaderOf = (signature: SignatureConfig | undefined): string | undefined =>
  signature?.scheme === 'hmac' ? signature.id_header?.toLowerCase() : undefined;

/** What the sender calls this delivery at each of its tries; undefined where it says nothing of the kind. */
export function deliveryIdOf(
  signature: SignatureConfig,
  headers: RequestHeaders,
  payload: unknown,
): string | undefined {
  const id = schemeOf(signature).deliveryId?.(headers, payload, signature);
  return typeof id === 'string' && id !== '' ? `${signature.scheme} ${id}` : undefined;
}
