import type { AgentConfig } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { readConfig } from './read-agent.js';

/** How many agents a check for cycles reads at most. A run refuses a cycle that it does not find. */
const MOST_READ = 200;

type Tools = Pick<AgentConfig, 'tools'>;

/** The agents that an agent's tools call, each with the place of the tool. */
export const calledBy = ({ tools }: Tools): { index: number; id: string }[] =>
  tools.flatMap((tool, index) => (tool.type === 'agent' ? [{ index, id: tool.agent_id }] : []));

/**
 * Checks that the agents that tools call exist, and that none calls this agent again, directly or through
 * others. Throws `invalid_tools`. What `before` has is not checked again, so that an agent can be edited
 * although one that it calls was deleted.
 */
export async function checkAgentTools(
  ctx: Context,
  agentId: string,
  config: Tools,
  before: Tools | undefined,
): Promise<void> {
  const known = new Set(before && calledBy(before).map(({ id }) => id));
  for (const { index, id } of calledBy(config)) {
    if (id === agentId) throw refused(index, 'An agent cannot call itself.', 'is the agent itself');
    if (known.has(id)) continue;
    const found = await readConfig(ctx, id);
    if (!found) throw refused(index, `There is no agent ${id}.`, 'is not the id of an agent');
    const way = await wayBack(ctx, agentId, id, found.config);
    if (!way) continue;
    const detail = `The agents would call each other for ever: ${[agentId, ...way].join(' → ')}.`;
    throw refused(index, detail, 'calls this agent again');
  }
}

const refused = (index: number, detail: string, message: string): AppError =>
  new AppError('invalid_tools', detail, { issues: [{ path: `/tools/${index}/agent_id`, message }] });

/** The ids on the way from an agent to `target`, through the tools of each; undefined if there is none. */
async function wayBack(
  ctx: Context,
  target: string,
  from: string,
  config: Tools,
): Promise<string[] | undefined> {
  const ways = new Map([[from, [from]]]);
  const open: [id: string, config: Tools][] = [[from, config]];
  for (let next = open.shift(); next && ways.size < MOST_READ; next = open.shift()) {
    const way = ways.get(next[0]) ?? [];
    for (const { id } of calledBy(next[1])) {
      if (id === target) return [...way, id];
      if (ways.has(id)) continue;
      ways.set(id, [...way, id]);
      const stored = await readConfig(ctx, id);
      if (stored) open.push([id, stored.config]);
    }
  }
  return undefined;
}
