import type { Agent } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { readAgent } from './read-agent.js';

/** One agent as the API shows it. Throws `unknown_agent`. */
export async function getAgent(ctx: Context, id: string): Promise<Agent> {
  const agent = await readAgent(ctx, id);
  if (!agent) throw unknownAgent(id);
  return agent;
}
