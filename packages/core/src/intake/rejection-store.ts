import { randomBytes } from 'node:crypto';
import {
  type FilteredEvent,
  iso,
  MAX_REJECTIONS,
  type Rejection,
  SHOWN_REJECTION_BYTES,
} from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { type RowKind, readRow } from '../redis/stored-row.js';
import { keepRejectionScript } from './keep-rejection.script.js';
import { newestKeptScript } from './newest-kept.script.js';
import { pageRejectionsScript } from './page-rejections.script.js';
import { removeAcceptedRejectionScript } from './remove-accepted-rejection.script.js';
import { removeRejectionsScript } from './remove-rejections.script.js';
import { replaceRejectionScript } from './replace-rejection.script.js';

/** A larger body is truncated, so its rejection cannot be accepted later. */
export const MAX_KEPT_BODY_BYTES = 256 * 1024;
/** Maximum size of all bodies of one agent. Beyond it, the oldest are truncated to the part that is shown. */
const MAX_TOTAL_BYTES = 8 * 1024 * 1024;

/** A rejection as Redis stores it. Its method and headers tell how to parse the bytes of its body. */
export type StoredRejection = Omit<Rejection, 'id' | 'status' | 'body' | 'truncated'>;
/** A filtered event as Redis stores it. */
type StoredFiltered = Omit<FilteredEvent, 'id' | 'body' | 'truncated'>;

/** What is kept of a request on both shelves. */
const KEPT_FIELDS = {
  at: 'string',
  method: 'string',
  content_type: 'string?',
  headers: 'object',
  query: 'object?',
  body_bytes: 'number?',
  accepted: 'object?',
} as const;

/** The events of an agent that created no task, by why. As many are kept of each. */
export interface Stored {
  rejected: StoredRejection;
  filtered: StoredFiltered;
}
export type Shelf = keyof Stored;

export const KEPT_ROWS: { [On in Shelf]: RowKind<Stored[On]> } = {
  rejected: { name: 'rejection', fields: { ...KEPT_FIELDS, code: 'string', detail: 'string' } },
  filtered: { name: 'filtered event', fields: { ...KEPT_FIELDS, reason: 'string' } },
};

/** What the ids of a shelf begin with. Clients know them. */
const ID_BEGINNING: Record<Shelf, string> = { rejected: 'rej_', filtered: 'flt_' };

/**
 * A stored event with the beginning of its body and the body's stored size. `stored` is undefined if it
 * cannot be read.
 */
interface FoundEvent<On extends Shelf> {
  id: string;
  stored: Stored[On] | undefined;
  body: string;
  keptBytes: number;
}

/** Ids sort by creation time. */
const idAt = (shelf: Shelf, ms: number): string =>
  ID_BEGINNING[shelf] + Math.max(0, ms).toString(16).padStart(12, '0');

const shelfOf = (id: string): Shelf => (id.startsWith(ID_BEGINNING.filtered) ? 'filtered' : 'rejected');

const redisKeys = (shelf: Shelf, agentId: string) =>
  shelf === 'rejected'
    ? { rows: keys.agentRejections(agentId), bodies: keys.agentRejectedBodies(agentId) }
    : { rows: keys.agentFiltered(agentId), bodies: keys.agentFilteredBodies(agentId) };
const oldestId = (ctx: Context, shelf: Shelf) => idAt(shelf, ctx.now() - ctx.resultTtlSeconds * 1000);

/** Stores an event of an existing agent that created no task. Truncates a body that is too large. */
export async function keepEvent<On extends Shelf>(
  ctx: Context,
  agentId: string,
  shelf: On,
  stored: Stored[On],
  body: Buffer,
): Promise<void> {
  const kept = body.length > MAX_KEPT_BODY_BYTES ? body.subarray(0, SHOWN_REJECTION_BYTES) : body;
  await keepRejectionScript(
    ctx.redis,
    { agent: keys.agent(agentId), ...redisKeys(shelf, agentId) },
    {
      id: idAt(shelf, ctx.now()) + randomBytes(8).toString('hex'),
      row: JSON.stringify(stored),
      body: kept,
      oldest: oldestId(ctx, shelf),
      most: MAX_REJECTIONS,
      totalBytes: MAX_TOTAL_BYTES,
      shownBytes: SHOWN_REJECTION_BYTES,
      ttl: ctx.resultTtlSeconds,
    },
  );
}

/** The events on a shelf, newest first, after `cursor` (the last id of the previous page). */
export async function pageOfEvents<On extends Shelf>(
  ctx: Context,
  agentId: string,
  shelf: On,
  limit: number,
  cursor = '',
): Promise<FoundEvent<On>[]> {
  const args = { limit, cursor, oldest: oldestId(ctx, shelf), shownBytes: SHOWN_REJECTION_BYTES };
  const page = await pageRejectionsScript(ctx.redis, redisKeys(shelf, agentId), args);
  return page.map(([id, json, body, keptBytes]) => ({
    id,
    stored: readRow<Stored[On]>(ctx, KEPT_ROWS[shelf], json, id),
    body,
    keptBytes,
  }));
}

/** How many agents one command looks at. Redis does nothing else meanwhile. */
const AGENTS_AT_ONCE = 20;

/** Which events of several agents to read. Times are in ms; `toMs` is exclusive. */
export interface KeptFilter {
  /** The error code of rejections. */
  code?: string | undefined;
  fromMs?: number | undefined;
  toMs?: number | undefined;
}

/** The newest events on a shelf of several agents, after `cursor` (the last id of the previous page). */
export async function newestEvents<On extends Shelf>(
  ctx: Context,
  agentIds: readonly string[],
  shelf: On,
  { code, fromMs, toMs }: KeptFilter,
  { limit, cursor = '' }: { limit: number; cursor?: string | undefined },
): Promise<(FoundEvent<On> & { agentId: string })[]> {
  const from = fromMs === undefined ? '' : idAt(shelf, fromMs);
  const to = toMs === undefined ? '' : idAt(shelf, toMs);
  const args = {
    limit,
    before: cursor !== '' && (to === '' || cursor < to) ? cursor : to,
    oldest: [oldestId(ctx, shelf), from].sort().at(-1) ?? '',
    // The code is the first member of the stored text.
    beginning: code === undefined ? '' : `{"code":${JSON.stringify(code)},`,
    shownBytes: SHOWN_REJECTION_BYTES,
  };
  const found: (FoundEvent<On> & { agentId: string })[] = [];
  for (let at = 0; at < agentIds.length; at += AGENTS_AT_ONCE) {
    const some = agentIds.slice(at, at + AGENTS_AT_ONCE);
    const shelves = some.flatMap((id) => Object.values(redisKeys(shelf, id)));
    for (const [nth, id, json, body, keptBytes] of await newestKeptScript(ctx.redis, { shelves }, args))
      found.push({
        agentId: some[nth - 1] ?? '',
        id,
        stored: readRow<Stored[On]>(ctx, KEPT_ROWS[shelf], json, id),
        body,
        keptBytes,
      });
  }
  return found.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit);
}

/** The events on a shelf without their bodies, newest first. There are at most MAX_REJECTIONS. */
export async function rowsOfEvents(
  ctx: Context,
  agentId: string,
  shelf: Shelf,
): Promise<{ id: string; stored: Stored[Shelf] }[]> {
  const rows = await ctx.redis.hgetall(redisKeys(shelf, agentId).rows);
  const oldest = oldestId(ctx, shelf);
  return Object.entries(rows)
    .filter(([id]) => id >= oldest)
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .flatMap(([id, json]) => {
      const stored = readRow<Stored[Shelf]>(ctx, KEPT_ROWS[shelf], json, id);
      return stored ? [{ id, stored }] : [];
    });
}

/** One rejection or filtered event with its stored body; undefined if it does not exist or cannot be read. */
export async function readEvent(
  ctx: Context,
  agentId: string,
  id: string,
): Promise<{ stored: Stored[Shelf]; body: Buffer } | undefined> {
  const shelf = shelfOf(id);
  const { rows, bodies } = redisKeys(shelf, agentId);
  const [json, body] = await Promise.all([ctx.redis.hget(rows, id), ctx.redis.hgetBuffer(bodies, id)]);
  if (json === null || body === null) return undefined;
  const stored = readRow<Stored[Shelf]>(ctx, KEPT_ROWS[shelf], json, id);
  return stored && { stored, body };
}

/** Records on an event, if it still exists, the task that was created from it. */
export async function noteAccepted(
  ctx: Context,
  agentId: string,
  id: string,
  stored: Stored[Shelf],
  taskId: string,
): Promise<void> {
  const accepted = { at: iso(ctx.now()), task_id: taskId };
  const row = JSON.stringify({ ...stored, accepted } satisfies Stored[Shelf]);
  const { rows } = redisKeys(shelfOf(id), agentId);
  await replaceRejectionScript(ctx.redis, { rows }, { id, row });
}

const SHELVES: readonly Shelf[] = ['rejected', 'filtered'];

/** Deletes the events on some shelves: all, or those from before a time, in ms since the epoch. */
export async function removeEvents(
  ctx: Context,
  agentId: string,
  { shelves = SHELVES, beforeMs }: { shelves?: readonly Shelf[]; beforeMs?: number | undefined } = {},
): Promise<void> {
  for (const shelf of shelves) {
    const at = redisKeys(shelf, agentId);
    if (beforeMs === undefined) await ctx.redis.unlink(...Object.values(at));
    else await removeRejectionsScript(ctx.redis, at, { before: idAt(shelf, beforeMs) });
  }
}

/** Deletes the event that a task was created from. */
export async function removeEventOf(ctx: Context, agentId: string, taskId: string): Promise<void> {
  const member = `"task_id":"${taskId}"`;
  for (const shelf of SHELVES)
    await removeAcceptedRejectionScript(ctx.redis, redisKeys(shelf, agentId), { member });
}
