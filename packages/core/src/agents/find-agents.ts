import { setImmediate } from 'node:timers/promises';
import { type Agent, type AgentSort, type AgentSummary, ID_PATTERNS, iso } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { badCursor } from '../errors.js';
import { keys } from '../redis/keys.js';
import { readPauses } from './agent-pause.js';
import { agentSummariesScript } from './agent-summaries.script.js';
import { readAgent } from './read-agent.js';
import { parseSummary } from './stored/agent-summary.js';

/** Which agents to find. Every given condition must hold. */
export interface AgentFilter {
  /** Words that name, description, model, tags or id contain, in any order and case. */
  q?: string | undefined;
  tags?: readonly string[] | undefined;
  status?: Agent['status'] | undefined;
  ids?: readonly string[] | undefined;
}

const AGENT_ID = new RegExp(ID_PATTERNS.agent);
const isAgentId = (id: string): boolean => AGENT_ID.test(id);

/** How many summaries one command reads. */
const AT_ONCE = 250;

/** A summary with what it is sorted by. */
interface Sorted {
  summary: AgentSummary;
  key: string;
}

/**
 * A page of agents that match, as summaries. Reads the summaries of all agents in small parts, or of those
 * that are named. Returns the cursor after each of them, and whether more follow. Throws `invalid_request`
 * for an invalid cursor.
 */
export async function findAgents(
  ctx: Context,
  filter: AgentFilter,
  { sort, limit, cursor }: { sort: AgentSort; limit: number; cursor?: string | undefined },
): Promise<{ agents: AgentSummary[]; cursors: string[]; more: boolean }> {
  const after = cursor === undefined ? undefined : placeOf(cursor, sort);
  const ids = filter.ids
    ? [...new Set(filter.ids)].filter(isAgentId)
    : await ctx.redis.zrange(keys.agents, '0', '-1');
  const words = wordsOf(filter.q);
  const found: Sorted[] = [];
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    for (const summary of await readSummaries(ctx, ids.slice(from, from + AT_ONCE)))
      if (fits(summary, filter, words)) found.push({ summary, key: SORT_KEYS[sort](summary) });
    await setImmediate();
  }
  const isDescending = sort !== 'name' && sort !== 'oldest';
  found.sort((a, b) => (isDescending ? compare(b, a) : compare(a, b)));
  const rest = after
    ? found.filter((one) => (isDescending ? compare(one, after) < 0 : compare(one, after) > 0))
    : found;
  const page = rest.slice(0, limit);
  const pauses = await readPauses(
    ctx,
    page.map(({ summary }) => summary.id),
  );
  return {
    agents: page.map(({ summary }, n) => ({ ...summary, paused: pauses[n] ?? null })),
    cursors: page.map((one) => cursorOf(one, sort)),
    more: rest.length > limit,
  };
}

/** What agents are sorted by. Ids sort by creation time. */
const SORT_KEYS: Record<AgentSort, (agent: AgentSummary) => string> = {
  newest: () => '',
  oldest: () => '',
  name: ({ name }) => name.toLowerCase(),
  updated: ({ updated_at }) => updated_at,
};

const compare = (a: Place, b: Place): number =>
  a.key === b.key
    ? a.summary.id < b.summary.id
      ? -1
      : Number(a.summary.id > b.summary.id)
    : a.key < b.key
      ? -1
      : 1;

interface Place {
  key: string;
  summary: { id: string };
}

const cursorOf = ({ key, summary }: Place, sort: AgentSort): string =>
  Buffer.from(JSON.stringify([sort, key, summary.id])).toString('base64url');

function placeOf(cursor: string, sort: AgentSort): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const [ofSort, key, id] = Array.isArray(place) ? (place as unknown[]) : [];
    if (ofSort === sort && typeof key === 'string' && typeof id === 'string') return { key, summary: { id } };
  } catch {
    // Refused below.
  }
  throw badCursor();
}

const wordsOf = (q = ''): string[] => q.toLowerCase().split(/\s+/).filter(Boolean);

function fits(agent: AgentSummary, { tags = [], status }: AgentFilter, words: readonly string[]): boolean {
  if (status !== undefined && agent.status !== status) return false;
  if (!tags.every((tag) => agent.tags.includes(tag))) return false;
  if (words.length === 0) return true;
  const text = [agent.id, agent.name, agent.description, agent.model, ...agent.tags].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The summaries of agents that exist, without their pauses. */
async function readSummaries(ctx: Context, ids: readonly string[]): Promise<AgentSummary[]> {
  const redisKeys = { agents: ids.map((id) => keys.agent(id)) };
  const rows = await agentSummariesScript(ctx.redis, redisKeys, { ids });
  const summaries = await Promise.all(rows.map((row) => summaryOf(ctx, row)));
  return summaries.filter((summary) => summary !== undefined);
}

async function summaryOf(
  ctx: Context,
  [id, version, json]: [string, string, string | null],
): Promise<AgentSummary | undefined> {
  const stored = parseSummary(json, version);
  // An older process has saved it, or it cannot be read.
  if (!stored) return await readAgent(ctx, id);
  const { created_ms, updated_ms, ...rest } = stored;
  return { id, ...rest, paused: null, created_at: iso(created_ms), updated_at: iso(updated_ms) };
}
