import { readAgentName } from '../../agents/agent-name.js';
import type { Context } from '../../context.js';

/** The agent of a rule for people, or the installation. */
export const nameOf = async (ctx: Context, agentId: string | null): Promise<string> =>
  agentId === null ? 'The installation' : `Agent "${await readAgentName(ctx, agentId)}"`;
