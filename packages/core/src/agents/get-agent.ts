import type { Agent, AgentVersion, AgentVersionSummary } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError, unknownAgent, unknownVersion } from '../errors.js';
import { maskSecrets } from './agent-secrets.js';
import { agentExists, readAgent, readAgents, removeAgent } from './store.js';
import { readVersion, readVersionRows } from './version-store.js';

/** One agent. Throws `unknown_agent`. */
export async function getAgent(ctx: Context, id: string): Promise<Agent> {
  const agent = await readAgent(ctx, id);
  if (!agent) throw unknownAgent(id);
  return agent;
}

/** Which part of a list to answer: `cursor` is the `next_cursor` of the page before. */
interface Page {
  limit: number;
  cursor?: string;
}

/** A page of agents, newest first. It may be shorter than `limit` and still have a next one: its bytes are bounded too. */
export async function listAgents(
  ctx: Context,
  page: Page,
): Promise<{ agents: Agent[]; next_cursor: string | null }> {
  const { agents, last, more } = await readAgents(ctx, page.limit, page.cursor);
  return { agents, next_cursor: more ? (last ?? null) : null };
}

/** A page of the versions that are kept of an agent, newest first. Throws `unknown_agent`, `invalid_request`. */
export async function listVersions(
  ctx: Context,
  id: string,
  { limit, cursor }: Page,
): Promise<{ versions: AgentVersionSummary[]; next_cursor: string | null }> {
  const found = await readVersionRows(
    ctx,
    id,
    limit + 1,
    cursor === undefined ? undefined : numberOf(cursor),
  );
  if (found.length === 0 && !(await agentExists(ctx, id))) throw unknownAgent(id);
  const versions = found.slice(0, limit);
  const last = found.length > limit ? versions.at(-1) : undefined;
  return { versions, next_cursor: last ? String(last.version) : null };
}

function numberOf(cursor: string): number {
  if (/^[1-9]\d{0,14}$/.test(cursor)) return Number(cursor);
  throw new AppError('invalid_request', 'cursor must be the next_cursor of an earlier answer, unchanged.');
}

/** One version of an agent as the API shows it. Throws `unknown_agent`, `unknown_version`. */
export async function getVersion(ctx: Context, id: string, version: number): Promise<AgentVersion> {
  const stored = await readVersion(ctx, id, version);
  if (stored) return maskSecrets({ ...stored, saved_by: stored.saved_by ?? null });
  throw (await agentExists(ctx, id)) ? unknownVersion(id, version) : unknownAgent(id);
}

/** Deletes an agent, its versions and its webhook. Its waiting tasks end `agent_unavailable`. Throws `unknown_agent`. */
export async function deleteAgent(ctx: Context, id: string): Promise<void> {
  if (!(await removeAgent(ctx, id))) throw unknownAgent(id);
}
