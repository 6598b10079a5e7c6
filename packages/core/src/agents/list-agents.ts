import { type Agent, MAX_AGENT_PAGE_BYTES } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { readPauses } from './agent-pause.js';
import { listAgentsScript } from './list-agents.script.js';
import { agentOf } from './read-agent.js';

/**
 * A page of agents, newest first, after `cursor` (the previous page's `next_cursor`). It ends at `limit`
 * agents or at MAX_AGENT_PAGE_BYTES, whichever comes first.
 */
export async function listAgents(
  ctx: Context,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<{ agents: Agent[]; next_cursor: string | null }> {
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
    rows.map(([id, fields], n) => agentOf(ctx, id, hashOf(fields), pauses[n] ?? null)),
  );
  return {
    agents: agents.filter((agent) => agent !== undefined),
    next_cursor: more === 1 ? (rows.at(-1)?.[0] ?? null) : null,
  };
}

/** A hash as an object, from the fields and values that a script returns. */
const hashOf = (fields: string[]): Record<string, string> =>
  Object.fromEntries(
    fields.flatMap((field, n) => (n % 2 === 0 ? [[field, fields[n + 1] ?? ''] as const] : [])),
  );
