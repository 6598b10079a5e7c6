import type { AgentVersionSummary } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { badCursor, unknownAgent } from '../errors.js';
import { agentExists } from './read-agent.js';
import { readVersionRows } from './version-store.js';

/** A page of an agent's stored versions, newest first. Throws `unknown_agent`, `invalid_request`. */
export async function listVersions(
  ctx: Context,
  id: string,
  { limit, cursor }: { limit: number; cursor?: string },
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
  throw badCursor();
}
