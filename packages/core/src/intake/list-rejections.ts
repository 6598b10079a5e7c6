import { type FilteredEvent, ID_PATTERNS, type Rejection } from '@agenthook/contracts';
import { agentExists } from '../agents/read-agent.js';
import type { Context } from '../context.js';
import { badCursor, unknownAgent } from '../errors.js';
import { busiestAgents } from '../stats/queue-depth.js';
import {
  type KeptFilter,
  newestEvents,
  pageOfEvents,
  removeEvents,
  type Shelf,
  type Stored,
} from './rejection-store.js';

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
    events: shown.flatMap(({ id, stored, body, keptBytes }) =>
      stored ? [{ id, ...stored, body, truncated: stored.body_bytes !== keptBytes }] : [],
    ),
    next_cursor: found.length > page.limit ? (shown.at(-1)?.id ?? null) : null,
  };
}

/** How many agents a list of all agents' events looks at. */
const MAX_AGENTS_OF_EVENTS = 200;

/** An event that created no task, with its agent. */
interface KeptOf<Event> {
  agent_id: string;
  event: Event;
}
interface KeptPage<Event> {
  events: KeptOf<Event>[];
  next_cursor: string | null;
}

/** A page of the rejections of all agents, newest first, or of those in `agentIds`. */
export const listAllRejections = (
  ctx: Context,
  filter: KeptFilter & { agentIds?: readonly string[] | undefined },
  page: Page,
): Promise<KeptPage<KeptRejection>> => listAll(ctx, 'rejected', filter, page);

/** The same for events that the agents' filters left out. */
export const listAllFiltered = (
  ctx: Context,
  filter: KeptFilter & { agentIds?: readonly string[] | undefined },
  page: Page,
): Promise<KeptPage<FilteredEvent>> => listAll(ctx, 'filtered', filter, page);

async function listAll<On extends Shelf>(
  ctx: Context,
  shelf: On,
  { agentIds, ...filter }: KeptFilter & { agentIds?: readonly string[] | undefined },
  page: Page,
): Promise<KeptPage<Stored[On] & { id: string; body: string; truncated: boolean }>> {
  if (page.cursor !== undefined && !isEventId(page.cursor)) throw badCursor();
  const toMs = ctx.now();
  const span = { fromMs: toMs - ctx.resultTtlSeconds * 1000, toMs };
  const ids = agentIds ?? (await busiestAgents(ctx, span, MAX_AGENTS_OF_EVENTS));
  const found = await newestEvents(ctx, ids, shelf, filter, { limit: page.limit + 1, cursor: page.cursor });
  const shown = found.slice(0, page.limit);
  return {
    events: shown.flatMap(({ agentId, id, stored, body, keptBytes }) => {
      if (!stored) return [];
      const event = { ...stored, id, body, truncated: stored.body_bytes !== keptBytes };
      return [{ agent_id: agentId, event }];
    }),
    next_cursor: found.length > page.limit ? (shown.at(-1)?.id ?? null) : null,
  };
}

/** Deletes an agent's rejections, or its filtered events. Throws `unknown_agent`. */
export async function clearEvents(ctx: Context, agentId: string, shelf: Shelf): Promise<void> {
  if (!(await agentExists(ctx, agentId))) throw unknownAgent(agentId);
  await removeEvents(ctx, agentId, { shelves: [shelf] });
}
