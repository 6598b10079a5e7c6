import type { Agent, AgentVersion } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { pageOfAgentIds, readAgent, readVersions, removeAgent } from './store.js';

/** One agent. Throws `unknown_agent`. */
export async function getAgent(ctx: Context, id: string): Promise<Agent> {
  const agent = await readAgent(ctx, id);
  if (!agent) throw unknownAgent(id);
  return agent;
}

/** A page of agents, newest first. `cursor` is the `next_cursor` of the page before. */
export async function listAgents(
  ctx: Context,
  page: { limit: number; cursor?: string },
): Promise<{ agents: Agent[]; next_cursor: string | null }> {
  const ids = await pageOfAgentIds(ctx, page.limit + 1, page.cursor);
  const shown = ids.slice(0, page.limit);
  const agents = await Promise.all(shown.map((id) => readAgent(ctx, id)));
  return {
    agents: agents.filter((agent) => agent !== undefined),
    next_cursor: ids.length > page.limit ? (shown.at(-1) ?? null) : null,
  };
}

/** All versions of an agent, newest first. Throws `unknown_agent`. */
export async function listVersions(ctx: Context, id: string): Promise<AgentVersion[]> {
  const versions = await readVersions(ctx, id);
  if (versions.length === 0) throw unknownAgent(id);
  return versions;
}

/** Deletes an agent, its versions and its webhook. Its waiting tasks end `agent_unavailable`. Throws `unknown_agent`. */
export async function deleteAgent(ctx: Context, id: string): Promise<void> {
  if (!(await removeAgent(ctx, id))) throw unknownAgent(id);
}
