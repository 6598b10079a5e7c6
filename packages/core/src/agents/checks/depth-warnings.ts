import { type AgentConfig, type AgentWarning, MAX_AGENT_DEPTH } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { calledBy } from '../check-agent-tools.js';
import { readConfig } from '../read-agent.js';

/** How many agents are read at most. A run refuses a call that is too deep all the same. */
const MOST_READ = 100;

/**
 * The tools of an agent through which agents call each other deeper than a run may. Agents that call this one
 * are not read: their own saves warn of such a chain.
 */
export async function depthWarnings(
  ctx: Context,
  config: Pick<AgentConfig, 'tools'>,
): Promise<AgentWarning[]> {
  const called = new Map<string, string[]>();
  const callsOf = async (id: string): Promise<string[]> => {
    const known = called.get(id);
    if (known) return known;
    const stored = called.size < MOST_READ ? await readConfig(ctx, id) : undefined;
    const calls = stored ? [...new Set(calledBy(stored.config).map((each) => each.id))] : [];
    called.set(id, calls);
    return calls;
  };
  /** A chain from an agent that has one agent more than may call each other. */
  const tooDeep = async (chain: string[]): Promise<string[] | undefined> => {
    if (chain.length > MAX_AGENT_DEPTH) return chain;
    for (const next of await callsOf(chain.at(-1) ?? '')) {
      const found = chain.includes(next) ? undefined : await tooDeep([...chain, next]);
      if (found) return found;
    }
    return undefined;
  };
  const warnings: AgentWarning[] = [];
  for (const { index, id } of calledBy(config)) {
    const chain = await tooDeep([id]);
    if (!chain) continue;
    const detail =
      `Agents may call agents at most ${MAX_AGENT_DEPTH} levels deep, so when this agent is run, the last call of ` +
      `${chain.join(' → ')} will be refused.`;
    warnings.push({ path: `/tools/${index}/agent_id`, code: 'agents_too_deep', detail });
  }
  return warnings;
}
