import type { Signing } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { schemeOf } from '../senders/schemes.js';
import { isProven } from '../senders/verify.js';
import { readConfig } from './read-agent.js';

/** How a program proves its requests to an agent, without the secret. Throws `unknown_agent`. */
export async function signingOfAgent(ctx: Context, id: string): Promise<Signing> {
  const stored = await readConfig(ctx, id);
  if (!stored) throw unknownAgent(id);
  const { signature } = stored.config;
  if (!signature || !isProven(signature)) return { kind: 'none' };
  return schemeOf(signature).proof?.signing?.(signature) ?? { kind: 'sender_only' };
}
