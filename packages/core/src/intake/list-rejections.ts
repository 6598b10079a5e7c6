import { type FilteredEvent, ID_PATTERNS, type Rejection } from '@agenthook/contracts';
import { agentExists } from '../agents/read-agent.js';
import type { Context } from '../context.js';
import { badCursor, unknownAgent } from '../errors.js';
import { pageOfEvents, removeEvents, type Shelf } from './rejection-store.js';

/** A rejection without its HTTP status, which the api derives from the code. */
export type KeptRejection = Omit<Rejection, 'status'>;

interface Page {
  limit: number;
  cursor?: string;
}

/**
 * A page of an agent's rejections, newest first. `cursor` is the previous page's `next_cursor`. Throws
 * `unknown_agent`.
 */
export async function listRejections(
  ctx: Context,
  agentId: string,
  page: Page,
): Promise<{ rejections: KeptRejection[]; next_cursor: string | null }> {
  const { events, next_cursor } = await listEvents(ctx, agentId, 'rejected', page);
  return { rejections: events, next_cursor };
}

const EVENT_ID = new RegExp(ID_PATTERNS.rejection);
const isEventId = (id: string): boolean => EVENT_ID.test(id);

/** A page of the events that an agent's filter left out. Like listRejections. */
export async function listFiltered(
  ctx: Context,
  agentId: string,
  page: Page,
): Promise<{ events: FilteredEvent[]; next_cursor: string | null }> {
  return await listEvents(ctx, agentId, 'filtered', page);
}

async function listEvents<On extends Shelf>(ctx: Context, agentId: string, shelf: On, page: Page) {
  if (page.cursor !== undefined && !isEventId(page.cursor)) throw badCursor();
  const found = await pageOfEvents(ctx, agentId, shelf, page.limit + 1, page.cursor);
  if (found.length === 0 && !(await agentExists(ctx, agentId))) throw unknownAgent(agentId);
  const shown = found.slice(0, page.limit);
  return {
    events: shown.map(({ id, stored, body, keptBytes }) => ({
      id,
      ...stored,
      body,
      truncated: stored.body_bytes !== keptBytes,
    })),
    next_cursor: found.length > page.limit ? (shown.at(-1)?.id ?? null) : null,
  };
}

/** Deletes an agent's rejections, or its filtered events. Throws `unknown_agent`. */
export async function clearEvents(ctx: Context, agentId: string, shelf: Shelf): Promise<void> {
  if (!(await agentExists(ctx, agentId))) throw unknownAgent(agentId);
  await removeEvents(ctx, agentId, { shelves: [shelf] });
}
