import { randomUUID } from 'node:crypto';
import { AGENT } from '../agents/agent-hash.js';
import { openSignatureSecrets } from '../agents/signature-secrets.js';
import { parseGate } from '../agents/stored/parse-gate.js';
import type { Context } from '../context.js';
import { AppError, unknownAgent } from '../errors.js';
import { keys } from '../redis/keys.js';
import type { Signed } from '../senders/proofs/proof.js';
import type { SenderRequest } from '../senders/scheme.js';
import { schemeOf } from '../senders/schemes.js';
import { isProven } from '../senders/verify.js';
import type { Addressee } from './inbound.js';

/** The same as signAs, for a saved agent. Also throws `unknown_agent`. */
export async function signFor(ctx: Context, agentId: string, request: SenderRequest): Promise<Signed> {
  const json = await ctx.redis.hget(keys.agent(agentId), AGENT.gate);
  if (json === null) throw unknownAgent(agentId);
  return signAs(ctx, { agentId, gate: parseGate(json) }, request);
}

/**
 * What the agent's sender would add to `request` now, under a new delivery id; nothing if the agent has no
 * sender. Throws `invalid_request` for a sender whose private key only it has.
 */
export function signAs(
  ctx: Context,
  { agentId, gate: { signature } }: Pick<Addressee, 'agentId' | 'gate'>,
  request: SenderRequest,
): Signed {
  if (!signature) return { headers: {} };
  const { proof, idHeader } = schemeOf(signature);
  const id = randomUUID();
  const header = idHeader?.(signature);
  const named = header === undefined ? {} : { [header]: id };
  if (!proof || !isProven(signature)) return { headers: named };
  const [secret] = openSignatureSecrets(signature, ctx.secrets, agentId).secrets;
  if (!proof.sign || secret === undefined)
    throw new AppError(
      'invalid_request',
      'Only the sender has the key to sign with. Send the test unsigned.',
    );
  // Senders sign whole seconds.
  const nowMs = Math.floor(ctx.now() / 1000) * 1000;
  const signed = proof.sign(request, signature, secret, { nowMs, id });
  return { ...signed, headers: { ...named, ...signed.headers } };
}
