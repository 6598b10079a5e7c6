import { hash } from 'node:crypto';
import type { SignatureConfig } from '@agenthook/contracts';
import { openSignatureSecrets } from '../agents/signature-secrets.js';
import type { Context } from '../context.js';
import type { Hidden } from '../senders/proofs/proof.js';
import type { FailedTry, SenderAnswer, SenderEvent, SenderRequest } from '../senders/scheme.js';
import { schemeOf } from '../senders/schemes.js';
import { faultOfSignature, isProven } from '../senders/verify.js';

/** When a request is verified: by its bytes, or once they are parsed because they contain the proof. */
export type ProofStage = 'bytes' | 'payload';

/** Whether requests to an agent are verified at this stage. */
export const isProvenBy = (signature: SignatureConfig, stage: ProofStage): boolean =>
  isProven(signature) &&
  (schemeOf(signature).proof?.isInPayload?.(signature) ? 'payload' : 'bytes') === stage;

/** Why a request to an agent is not its sender's; undefined if it is. */
export const faultOfRequest = async (
  ctx: Context,
  agentId: string,
  signature: SignatureConfig,
  request: SenderRequest & { payload?: unknown },
): Promise<string | undefined> => {
  const { secrets } = openSignatureSecrets(signature, ctx.secrets, agentId);
  return await faultOfSignature(signature, secrets, request, { nowMs: ctx.now(), outside: ctx.outside });
};

/** The answer to an unsigned request that tests the URL; undefined for any other request. */
export const answerToTry = (
  ctx: Context,
  agentId: string,
  signature: SignatureConfig,
  request: SenderRequest,
): SenderAnswer | FailedTry | undefined =>
  schemeOf(signature).greet?.(request, signature, openSignatureSecrets(signature, ctx.secrets, agentId));

/** The same for a request that is proven to be its sender's. */
export const answerToHandshake = async (
  ctx: Context,
  agentId: string,
  signature: SignatureConfig,
  event: SenderEvent,
): Promise<SenderAnswer | undefined> =>
  await schemeOf(signature).handshake?.(
    event,
    signature,
    openSignatureSecrets(signature, ctx.secrets, agentId),
    ctx.outside,
  );

/** A request whose proof holds, with its event as the body if that is encrypted. */
export function openRequest<R extends SenderRequest>(
  ctx: Context,
  agentId: string,
  signature: SignatureConfig | undefined,
  request: R,
): R {
  const { opens } = signature ? schemeOf(signature) : {};
  if (!signature || !opens) return request;
  const body = opens(request.body, openSignatureSecrets(signature, ctx.secrets, agentId));
  return body === undefined ? request : { ...request, body };
}

/** The answer that a sender wants to an event; undefined where the default will do. */
export const answerToEvent = (signature: SignatureConfig, event: SenderEvent): SenderAnswer | undefined =>
  schemeOf(signature).answer?.(event, signature);

/** The header, in lower case, that holds the delivery's id. */
export const idHeaderOf = (signature: SignatureConfig | undefined): string | undefined =>
  signature && schemeOf(signature).idHeader?.(signature)?.toLowerCase();

/**
 * The sender's id for this delivery, which is the same at each attempt; undefined if the sender sends none.
 * If its requests are not verified, the id includes the body: otherwise anyone could use up an id before the
 * real event arrives.
 */
export function deliveryIdOf(signature: SignatureConfig, event: SenderEvent): string | undefined {
  const { deliveryId } = schemeOf(signature);
  const id = deliveryId ? deliveryId(event, signature) : event.headers[idHeaderOf(signature) ?? ''];
  if (typeof id !== 'string' || id === '') return undefined;
  const body = isProven(signature) ? '' : ` ${hash('sha256', event.body)}`;
  return `${signature.scheme}${body} ${id}`;
}

/** Where the sender proves itself: headers (in lower case), query parameters and payload properties. */
export function hiddenOf(signature: SignatureConfig | undefined): Required<Hidden> {
  const { headers, query, properties }: Hidden =
    (signature && schemeOf(signature).proof?.hides(signature)) ?? NOTHING_HIDDEN;
  return {
    headers: headers.map((name) => name.toLowerCase()),
    query: query ?? [],
    properties: properties ?? [],
  };
}

const NOTHING_HIDDEN: Hidden = { headers: [] };
