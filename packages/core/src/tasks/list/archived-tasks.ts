import type { TaskSummary } from '@agenthook/contracts';
import { READ_MS } from '../../archive/archive.js';
import { archivedPlaces, namedPlaces } from '../../archive/list-archived.js';
import { readHeads } from '../../archive/read-archived.js';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { FIRST_STARTED_FIELD, OPTIONS_FIELD, SUMMARY_FIELD } from '../../queue/job.js';
import { textHash } from '../../redis/keys.js';
import type { TaskFilter } from './fits-filter.js';
import type { Place } from './place.js';
import { summaryOf } from './task-summary.js';

/** How many tasks one look-up of a text finds at most. */
const MOST_NAMED = 20_000;

/**
 * What a list reads from the archive. While the archive is away, it has nothing, and says so afterwards, or
 * throws `archive_unavailable` if the list must be whole.
 */
export interface ArchivedTasks {
  places(filter: TaskFilter, after: Place | undefined, count: number): Promise<Place[]>;
  /** Those whose id begins with `beginning`, or whose idempotency key is `text`. */
  named(text: string, beginning: string | undefined): Promise<Place[]>;
  summaries(ids: readonly string[]): Promise<Map<string, TaskSummary>>;
  /** Whether something may be missing. */
  isAway(): boolean;
}

export function archivedTasks(ctx: Context, isWhole = false): ArchivedTasks {
  const { archive } = ctx;
  const withinMs = isWhole ? undefined : READ_MS;
  let away = false;
  const orNothing = async <Found>(nothing: Found, read: () => Promise<Found>): Promise<Found> => {
    if (away) return nothing;
    try {
      return await read();
    } catch (error) {
      if (isWhole || !isArchiveAway(error)) throw error;
      away = true;
      return nothing;
    }
  };
  return {
    places: (filter, after, count) =>
      orNothing<Place[]>([], async () =>
        archive ? archivedPlaces(archive, filter, after, count, withinMs) : [],
      ),
    named: (text, beginning) =>
      orNothing<Place[]>([], async () =>
        archive ? namedPlaces(archive, { beginning, keyHash: textHash(text) }, MOST_NAMED, withinMs) : [],
      ),
    summaries: (ids) => orNothing(new Map(), () => archivedSummaries(ctx, ids)),
    isAway: () => away,
  };
}

export const isArchiveAway = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'archive_unavailable';

/** Summaries of the tasks that the archive has, by id. Throws `archive_unavailable`. */
export async function archivedSummaries(
  ctx: Context,
  ids: readonly string[],
): Promise<Map<string, TaskSummary>> {
  const found = new Map<string, TaskSummary>();
  for (const [id, { status, fields }] of await readHeads(ctx, ids)) {
    const { timestamp, finishedOn, atm } = fields;
    const [options, started, summary] = [OPTIONS_FIELD, FIRST_STARTED_FIELD, SUMMARY_FIELD].map(
      (name) => fields[name],
    );
    const row = [timestamp, options, started, finishedOn, atm, summary, null].map((value) => value ?? null);
    const task = await summaryOf(ctx, id, [row, status === 'SUCCESS' ? 1 : 0, null, null]);
    if (task) found.set(id, { ...task, archived: true });
  }
  return found;
}
