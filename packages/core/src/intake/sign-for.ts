import { randomUUID } from 'node:crypto';
import { AGENT, type AgentGate } from '../agents/agent-hash.js';
import { openSignatureSecrets } from '../agents/signature-secrets.js';
import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { keys } from '../redis/keys.js';
import { schemeOf } from '../senders/schemes.js';
import { digestOf } from '../senders/verify.js';

/**
 * The headers with which the agent's sender would sign `body` now, under a new delivery id; empty if the
 * agent has no signature. Throws `unknown_agent`.
 */
export async function signFor(ctx: Context, agentId: string, body: Buffer): Promise<Record<string, string>> {
  const json = await ctx.redis.hget(keys.agent(agentId), AGENT.gate);
  if (json === null) throw unknownAgent(agentId);
  const { signature } = JSON.parse(json) as AgentGate;
  if (!signature) return {};
  const [secret = ''] = openSignatureSecrets(signature, ctx.secrets, agentId);
  const id = randomUUID();
  const timestamp = String(Math.floor(ctx.now() / 1000));
  const digest = digestOf(secret, signature, { signatures: [], timestamp, id }, body);
  return schemeOf(signature).write({ digest, timestamp, id }, signature);
}
