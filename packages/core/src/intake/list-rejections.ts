import type { Rejection } from '@agenthook/contracts';
import { agentExists } from '../agents/read-agent.js';
import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { type FoundRejection, pageOfRejections, removeRejections } from './rejection-store.js';

/** A rejection without its HTTP status, which the api derives from the code. */
export type KeptRejection = Omit<Rejection, 'status'>;

/**
 * A page of an agent's rejections, newest first. `cursor` is the previous page's `next_cursor`. Throws
 * `unknown_agent`.
 */
export async function listRejections(
  ctx: Context,
  agentId: string,
  page: { limit: number; cursor?: string },
): Promise<{ rejections: KeptRejection[]; next_cursor: string | null }> {
  const found = await pageOfRejections(ctx, agentId, page.limit + 1, page.cursor);
  if (found.length === 0 && !(await agentExists(ctx, agentId))) throw unknownAgent(agentId);
  const shown = found.slice(0, page.limit);
  return {
    rejections: shown.map(shownAs),
    next_cursor: found.length > page.limit ? (shown.at(-1)?.id ?? null) : null,
  };
}

function shownAs({ id, stored, body, keptBytes }: FoundRejection): KeptRejection {
  return { id, ...stored, body, truncated: stored.body_bytes !== keptBytes };
}

/** Deletes all rejections of an agent. Throws `unknown_agent`. */
export async function clearRejections(ctx: Context, agentId: string): Promise<void> {
  if (!(await agentExists(ctx, agentId))) throw unknownAgent(agentId);
  await removeRejections(ctx, agentId);
}
