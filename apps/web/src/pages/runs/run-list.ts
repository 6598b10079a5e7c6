import type { Schema } from '../../api/client.js';
import type { Run } from './run-filters.js';

type Page = Schema<'TaskList'>;

/** Runs in the api's order, newest first, assembled from answers at different times. */
export interface RunList {
  runs: Run[];
  /** The cursor for reading below the last of `runs`; null if there are no more. */
  next: string | null;
  /** Where answers began, newest first: where to reread a part from. The last is `next`, if there is one. */
  marks: Mark[];
  /**
   * More runs have arrived than one answer holds; those between its last run and the first of `runs` were
   * never read.
   */
  newer: Page | null;
  /** How far back the last answer has searched; undefined if the index answers the filter. */
  backTo?: string | null | undefined;
}

export interface Mark {
  cursor: string;
  /** The run before the cursor's first. It may have left the list. */
  after: Run;
}

/** How many runs an answer holds. A rereading answer holds twice as many. */
export const PAGE = 50;
/** How many runs the list keeps while the user stays at its beginning. */
const MAX_LENGTH = 1_000;

export const isUnfinished = ({ status }: Pick<Run, 'status'>): boolean =>
  status === 'PENDING' || status === 'STARTED';

/** Whether a run comes after another in the list: by time, then by descending id, as in the api. */
export const isBelow = (run: Run, other: Run): boolean =>
  run.created_at === other.created_at ? run.task_id < other.task_id : run.created_at < other.created_at;

export const listOf = ({ tasks, next_cursor, searched }: Page): RunList => ({
  runs: tasks,
  next: next_cursor,
  marks: marksOf(tasks.at(-1), next_cursor),
  newer: null,
  ...(searched && { backTo: searched.back_to }),
});

const marksOf = (after: Run | undefined, cursor: string | null): Mark[] =>
  after && cursor !== null ? [{ cursor, after }] : [];

/** Merges a new answer of the beginning: new runs go in front, and runs that no longer match are dropped. */
export function withHead(list: RunList | undefined, page: Page): RunList {
  const first = list?.runs[0];
  // A search that found nothing yet goes on from where it is.
  if (list && page.tasks.length === 0 && page.next_cursor !== null) return list;
  if (!list || !first) return listOf(page);
  const last = page.tasks.at(-1);
  if (last && page.next_cursor !== null && isBelow(first, last)) return { ...list, newer: page };
  const runs = replaced(list.runs, undefined, page);
  if (!last || page.next_cursor === null) return { ...list, runs, next: null, marks: [], newer: null };
  if (list.backTo !== undefined) return { ...list, runs };
  const mark = { cursor: page.next_cursor, after: last };
  const further = settledMarks(list.marks, runs, last);
  const next = list.next !== null && further.length === 0 ? page.next_cursor : list.next;
  return { ...list, runs, next, marks: [mark, ...further], newer: null };
}

/**
 * The marks below the latest answer of the beginning. The previous answer's end moved along with it; it stays
 * only if the next mark is too far away for one answer to cover the gap.
 */
function settledMarks(marks: readonly Mark[], runs: readonly Run[], last: Run): readonly Mark[] {
  const [moving, settled] = marks.filter(({ after }) => isBelow(after, last));
  if (!moving || !settled) return moving ? [moving] : [];
  const between = runs.filter((run) => isBelow(run, last) && !isBelow(run, settled.after)).length;
  return marks.slice(marks.indexOf(between < PAGE ? settled : moving));
}

/** Appends the answer to `next`. */
export function withTail(list: RunList, page: Page): RunList {
  const runs = replaced(list.runs, list.marks.at(-1)?.after, page);
  return {
    ...list,
    runs,
    next: page.next_cursor,
    marks: [...list.marks, ...marksOf(runs.at(-1), page.next_cursor)],
    ...(page.searched && { backTo: page.searched.back_to }),
  };
}

/** The parts to reread for those of the `shown` runs that have not ended and lie below the first answer. */
export function liveParts(list: RunList, shown: readonly Run[]): Mark[] {
  const marks = shown
    .filter(isUnfinished)
    .map((run) => list.marks.findLast(({ after }) => isBelow(run, after)));
  return [...new Set(marks)].filter((mark) => mark !== undefined);
}

/** Merges a new answer of the part behind a mark. */
export const withPart = (list: RunList, { after }: Mark, page: Page): RunList => ({
  ...list,
  runs: replaced(list.runs, after, page),
});

/** The beginning of a list that has become long. The rest can be read again. */
export function shortened(list: RunList): RunList {
  if (list.runs.length <= MAX_LENGTH) return list;
  const far = list.runs[PAGE];
  const at = list.marks.findIndex(({ after }) => far && isBelow(after, far));
  const mark = list.marks[at];
  if (!mark) return list;
  return {
    ...list,
    runs: list.runs.filter((run) => !isBelow(run, mark.after)),
    next: mark.cursor,
    marks: list.marks.slice(0, at + 1),
  };
}

/** Replaces the runs that an answer covers: from below `above` to the answer's last run, or to the end. */
function replaced(runs: readonly Run[], above: Run | undefined, { tasks, next_cursor }: Page): Run[] {
  const last = tasks.at(-1);
  if (!last && next_cursor !== null) return [...runs];
  const known = new Map(runs.map((run) => [run.task_id, run]));
  const before = above ? runs.filter((run) => !isBelow(run, above)) : [];
  const behind = next_cursor === null || !last ? [] : runs.filter((run) => isBelow(run, last));
  return [...before, ...tasks.map((run) => unchanged(known.get(run.task_id), run)), ...behind];
}

/** Reasons are new objects in each answer. */
const isSame = (known: unknown, next: unknown): boolean =>
  known === next || JSON.stringify(known) === JSON.stringify(next);

/** Returns the known object if nothing differs, so that its row does not re-render. */
function unchanged(known: Run | undefined, run: Run): Run {
  if (!known) return run;
  const fields = Object.keys(run) as (keyof Run)[];
  return fields.every((field) => isSame(known[field], run[field])) ? known : run;
}
