import {
  AGENT_SUMMARY_FIELDS,
  Agent,
  type AgentListQuery,
  type AgentSummary,
  ID_PATTERNS,
  MAX_AGENT_PAGE_BYTES,
} from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError, badCursor } from '../errors.js';
import { keys } from '../redis/keys.js';
import { readPauses } from './agent-pause.js';
import { findAgents } from './find-agents.js';
import { listAgentsScript } from './list-agents.script.js';
import { agentOf, readAgent } from './read-agent.js';

export interface AgentPage {
  /** Agents; with `fields`, these fields of each. */
  agents: Agent[];
  next_cursor: string | null;
}

const AGENT_ID = new RegExp(ID_PATTERNS.agent);
const SUMMARY: ReadonlySet<string> = new Set(AGENT_SUMMARY_FIELDS);

/**
 * A page of agents, newest first unless `sort` says otherwise, after `cursor` (the previous page's
 * `next_cursor`). Without conditions it ends at `limit` agents or at MAX_AGENT_PAGE_BYTES, whichever comes
 * first. Configurations are read only of the agents on the page, and only if `fields` asks for them.
 *
 * Throws `invalid_request` for an invalid cursor or an unknown field.
 */
export async function listAgents(
  ctx: Context,
  { limit, cursor, fields, sort = 'newest', q, tag, status, id }: Partial<AgentListQuery> & { limit: number },
): Promise<AgentPage> {
  const wanted = fields === undefined ? undefined : fieldsOf(fields);
  const isPlain = [wanted, q, tag, status, id].every((each) => each === undefined) && sort === 'newest';
  if (isPlain) return await newestAgents(ctx, { limit, cursor });
  const found = await findAgents(ctx, { q, tags: tag, status, ids: id }, { sort, limit, cursor });
  const isSummary = wanted?.every((name) => SUMMARY.has(name));
  const { agents, read } = isSummary
    ? { agents: found.agents as Agent[], read: found.agents.length }
    : await completed(ctx, found.agents);
  const isWhole = read === found.agents.length && !found.more;
  return {
    agents: wanted ? agents.map((agent) => picked(agent, wanted)) : agents,
    next_cursor: isWhole ? null : (found.cursors[read - 1] ?? null),
  };
}

/**
 * The agents with their configurations, up to MAX_AGENT_PAGE_BYTES, but at least one, and how many summaries
 * were used up. Leaves out agents that were deleted meanwhile.
 */
async function completed(
  ctx: Context,
  summaries: readonly AgentSummary[],
): Promise<{ agents: Agent[]; read: number }> {
  const agents: Agent[] = [];
  let [read, bytes] = [0, 0];
  for (const { id } of summaries) {
    const agent = await readAgent(ctx, id);
    bytes += agent ? JSON.stringify(agent).length : 0;
    if (agents.length > 0 && bytes > MAX_AGENT_PAGE_BYTES) break;
    read++;
    if (agent) agents.push(agent);
  }
  return { agents, read };
}

async function newestAgents(
  ctx: Context,
  { limit, cursor }: { limit: number; cursor: string | undefined },
): Promise<AgentPage> {
  if (cursor !== undefined && !AGENT_ID.test(cursor)) throw badCursor();
  const from = cursor === undefined ? '+' : `(${cursor}`;
  const [rows, more] = await listAgentsScript(
    ctx.redis,
    { agents: keys.agents },
    { prefix: keys.agentPrefix, from, limit, mostBytes: MAX_AGENT_PAGE_BYTES },
  );
  const pauses = await readPauses(
    ctx,
    rows.map(([id]) => id),
  );
  const agents = await Promise.all(
    rows.map(([id, hash], n) => agentOf(ctx, id, hashOf(hash), pauses[n] ?? null)),
  );
  return {
    agents: agents.filter((agent) => agent !== undefined),
    next_cursor: more === 1 ? (rows.at(-1)?.[0] ?? null) : null,
  };
}

/** The names in `fields`. Throws `invalid_request` for one that agents do not have. */
function fieldsOf(fields: string): string[] {
  const named = fields.split(',').map((name) => name.trim());
  const names = named.flatMap((name) => (name === 'summary' ? AGENT_SUMMARY_FIELDS : [name]));
  const unknown = names.find((name) => !Object.hasOwn(Agent.properties, name));
  if (unknown === undefined) return [...new Set(names)];
  throw new AppError('invalid_request', `Agents have no field "${unknown.slice(0, 60)}".`, {
    issues: [{ path: '/fields', message: 'must be names of fields of agents, or summary' }],
  });
}

const picked = (agent: Agent, names: readonly string[]): Agent =>
  Object.fromEntries(Object.entries(agent).filter(([name]) => names.includes(name))) as Agent;

/** A hash as an object, from the fields and values that a script returns. */
const hashOf = (fields: string[]): Record<string, string> =>
  Object.fromEntries(
    fields.flatMap((field, n) => (n % 2 === 0 ? [[field, fields[n + 1] ?? ''] as const] : [])),
  );
