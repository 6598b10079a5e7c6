import { MAX_SCANNED_TASKS, MAX_SEARCHED_TASKS, type TaskSummary } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { shardOf } from '../../queue/task-id.js';
import { type ArchivedTasks, archivedTasks } from './archived-tasks.js';
import { findTasks } from './find-tasks.js';
import { fitsFilter, isIndexed, type TaskFilter } from './fits-filter.js';
import { indexedPlaces } from './indexed-places.js';
import { isAfter, merged, type Place } from './place.js';
import { hasWords, searchedText } from './search-words.js';
import { readStoredSummaries } from './task-summary.js';
import { readTaskTexts, type TaskTexts } from './task-texts.js';

/** How many tasks one command reads at most. */
const BATCH = 200;
/** How much text one search reads, in characters. */
const MOST_TEXT = 32 * 1024 * 1024;

interface Scan {
  tasks: TaskSummary[];
  /** Where to continue; undefined if no tasks are left. */
  next: Place | undefined;
  scanned: number;
  /** The last task that was looked at. */
  last: Place | undefined;
  /** Whether the archive did not answer, so that tasks in it are missing. */
  isArchiveAway: boolean;
}

/**
 * Up to `limit` tasks that match a filter, newest first, after a place. Looks at no more than `most`, and
 * reads no more than MOST_TEXT.
 */
export async function scanTasks(
  ctx: Context,
  filter: TaskFilter,
  after: Place | undefined,
  { limit, most = mostOf(filter, limit), isWhole }: { limit: number; most?: number; isWhole?: boolean },
): Promise<Scan> {
  const archived = archivedTasks(ctx, isWhole);
  const places = placesOf(ctx, archived, filter);
  const tasks: TaskSummary[] = [];
  let [last, scanned] = [after, 0];
  const budget = { text: MOST_TEXT };
  for (;;) {
    // The index may have tasks that have expired; their places are filled by the next ones.
    const size = Math.min(isIndexed(filter) && scanned === 0 ? limit : BATCH, BATCH, most - scanned);
    const found = await places(last, size + 1);
    const batch = found.slice(0, size);
    const read = await summariesOf(ctx, archived, batch);
    const fits = new Map(
      read.flatMap((task) => (task && fitsFilter(task, filter) ? [[task.task_id, task] as const] : [])),
    );
    for await (const { place, isMatch } of judged(ctx, batch, fits, filter.words, budget)) {
      [last, scanned] = [place, scanned + 1];
      const task = fits.get(place.id);
      if (task && isMatch) tasks.push(task);
      const isLast = place === found.at(-1);
      if (isLast || tasks.length >= limit || budget.text <= 0)
        return { tasks, next: isLast ? undefined : place, scanned, last, isArchiveAway: archived.isAway() };
    }
    const isArchiveAway = archived.isAway();
    if (found.length <= size) return { tasks, next: undefined, scanned, last, isArchiveAway };
    if (scanned >= most) return { tasks, next: last, scanned, last, isArchiveAway };
  }
}

const mostOf = (filter: TaskFilter, limit: number): number => {
  if (isIndexed(filter)) return limit + MAX_SCANNED_TASKS;
  return filter.words?.length ? MAX_SEARCHED_TASKS : MAX_SCANNED_TASKS;
};

/** Each place of a batch in order, and whether its task matches. Reads texts only of those that fit. */
async function* judged(
  ctx: Context,
  batch: readonly Place[],
  fits: ReadonlyMap<string, TaskSummary>,
  words: readonly string[] | undefined,
  budget: { text: number },
): AsyncGenerator<{ place: Place; isMatch: boolean }> {
  if (!words?.length) {
    for (const place of batch) yield { place, isMatch: fits.has(place.id) };
    return;
  }
  const texts = textsOf(
    ctx,
    batch.filter(({ id }) => fits.has(id)),
  );
  for (const place of batch) {
    const read = fits.has(place.id) ? (await texts.next()).value : undefined;
    const text = read && searchedText(searchedOf(read));
    // What Redis returns may be compressed, so it does not tell how long the text is.
    if (read && text !== undefined) budget.text -= Math.max(read.size, text.length);
    yield { place, isMatch: text !== undefined && hasWords(words, text) };
  }
}

/** The texts of tasks in order. Neighbours of one shard are read together. */
async function* textsOf(ctx: Context, places: readonly Place[]): AsyncGenerator<TaskTexts | undefined> {
  const shard = ({ id }: Place) => shardOf(id, ctx.queues.length) ?? 0;
  for (let from = 0; from < places.length; ) {
    const own = shard(places[from] as Place);
    const end = places.findIndex((place, n) => n > from && shard(place) !== own);
    const to = end === -1 ? places.length : end;
    yield* readTaskTexts(
      ctx,
      own,
      places.slice(from, to).map(({ id }) => id),
    );
    from = to;
  }
}

const searchedOf = ({ event, result }: TaskTexts): unknown[] => {
  if (!result) return [event.payload];
  if ('error' in result) return [event.payload, result.error.code, result.error.message, result.answer];
  return [event.payload, result.answer];
};

/** Reads places after a place: those that the index has, or those that a text names. */
function placesOf(
  ctx: Context,
  archived: ArchivedTasks,
  filter: TaskFilter,
): (after: Place | undefined, count: number) => Promise<Place[]> {
  const { text } = filter;
  if (text === undefined)
    return async (after, count) => {
      // In this order: a task leaves Redis only once it is in the archive.
      const stored = await indexedPlaces(ctx, filter, after, count);
      return merged(stored, await archived.places(filter, after, count)).slice(0, count);
    };
  let named: Promise<Place[]> | undefined;
  return async (after, count) => {
    named ??= findTasks(ctx, archived, text);
    return (await named).filter((place) => !after || isAfter(place, after)).slice(0, count);
  };
}

/** Summaries of tasks, in order; undefined for those that no longer exist. */
async function summariesOf(
  ctx: Context,
  archived: ArchivedTasks,
  places: readonly Place[],
): Promise<(TaskSummary | undefined)[]> {
  const shards = ctx.queues.length;
  const byShard = await Promise.all(
    [...ctx.queues.keys()].map((shard) => {
      const ids = places.map(({ id }) => id).filter((id) => shardOf(id, shards) === shard);
      return readStoredSummaries(ctx, shard, ids);
    }),
  );
  const byId = new Map(byShard.flat().map((task) => [task?.task_id, task]));
  const others = await archived.summaries(places.map(({ id }) => id).filter((id) => !byId.has(id)));
  return places.map(({ id }) => byId.get(id) ?? others.get(id));
}
