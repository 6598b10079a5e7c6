import type { Schema } from '../../api/client.js';
import type { Run } from './run-filters.js';

type Page = Schema<'TaskList'>;

/** Runs in the order of the api, newest first, put together from answers that came at different times. */
export interface RunList {
  runs: Run[];
  /** The cursor to read on with below the last of `runs`; null where there is nothing more. */
  next: string | null;
  /** Where answers began, newest first: what to ask for to read a part anew. The last is `next`, where there is one. */
  marks: Mark[];
  /** More has come than one answer holds: what lies between its last run and the first of `runs` was never read. */
  newer: Page | null;
}

export interface Mark {
  cursor: string;
  /** The run in front of what the cursor gives. It may be gone from the list. */
  after: Run;
}

/** How many runs an answer holds; one that reads a part anew holds twice as many. */
export const PAGE = 50;
/** How long a list grows while nobody reads further down than its beginning. */
const KEPT = 1_000;

export const isUnfinished = ({ status }: Pick<Run, 'status'>): boolean =>
  status === 'PENDING' || status === 'STARTED';

/** Whether a run stands further down than another one: by time, then by id from the end of the alphabet, as in the api. */
export const isBelow = (run: Run, other: Run): boolean =>
  run.created_at === other.created_at ? run.task_id < other.task_id : run.created_at < other.created_at;

export const listOf = ({ tasks, next_cursor }: Page): RunList => ({
  runs: tasks,
  next: next_cursor,
  marks: marksOf(tasks.at(-1), next_cursor),
  newer: null,
});

const marksOf = (after: Run | undefined, cursor: string | null): Mark[] =>
  after && cursor !== null ? [{ cursor, after }] : [];

/** The list with a fresh answer of its beginning: new runs come in front, runs that left the filter go. */
export function withHead(list: RunList | undefined, page: Page): RunList {
  const first = list?.runs[0];
  if (!list || !first) return listOf(page);
  const last = page.tasks.at(-1);
  if (last && page.next_cursor !== null && isBelow(first, last)) return { ...list, newer: page };
  const runs = replaced(list.runs, undefined, page);
  if (!last || page.next_cursor === null) return { runs, next: null, marks: [], newer: null };
  const mark = { cursor: page.next_cursor, after: last };
  const further = settledMarks(list.marks, runs, last);
  const next = list.next !== null && further.length === 0 ? page.next_cursor : list.next;
  return { runs, next, marks: [mark, ...further], newer: null };
}

/**
 * The marks below the end of the latest answer of the beginning. The one before it moved along with that answer: it stays
 * only where the next one is so far away that one answer could not hold what lies between.
 */
function settledMarks(marks: readonly Mark[], runs: readonly Run[], last: Run): readonly Mark[] {
  const [moving, settled] = marks.filter(({ after }) => isBelow(after, last));
  if (!moving || !settled) return moving ? [moving] : [];
  const between = runs.filter((run) => isBelow(run, last) && !isBelow(run, settled.after)).length;
  return marks.slice(marks.indexOf(between < PAGE ? settled : moving));
}

/** The list with the answer to its `next`. */
export function withTail(list: RunList, page: Page): RunList {
  const runs = replaced(list.runs, list.marks.at(-1)?.after, page);
  return {
    ...list,
    runs,
    next: page.next_cursor,
    marks: [...list.marks, ...marksOf(runs.at(-1), page.next_cursor)],
  };
}

/** What to ask for to read `shown` runs anew that have not ended and stand below the answers of the beginning. */
export function liveParts(list: RunList, shown: readonly Run[]): Mark[] {
  const marks = shown
    .filter(isUnfinished)
    .map((run) => list.marks.findLast(({ after }) => isBelow(run, after)));
  return [...new Set(marks)].filter((mark) => mark !== undefined);
}

/** The list with a fresh answer of the part behind a mark. */
export const withPart = (list: RunList, { after }: Mark, page: Page): RunList => ({
  ...list,
  runs: replaced(list.runs, after, page),
});

/** The beginning of a list that has become long; more of it can be read again. */
export function shortened(list: RunList): RunList {
  if (list.runs.length <= KEPT) return list;
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

/** `runs` with an answer in place of what it covers: from below `above` to its own last run, or to the end. */
function replaced(runs: readonly Run[], above: Run | undefined, { tasks, next_cursor }: Page): Run[] {
  const last = tasks.at(-1);
  if (!last && next_cursor !== null) return [...runs];
  const known = new Map(runs.map((run) => [run.task_id, run]));
  const before = above ? runs.filter((run) => !isBelow(run, above)) : [];
  const behind = next_cursor === null || !last ? [] : runs.filter((run) => isBelow(run, last));
  return [...before, ...tasks.map((run) => unchanged(known.get(run.task_id), run)), ...behind];
}

/** The object that is known already where nothing differs, so that its row is not drawn anew. */
function unchanged(known: Run | undefined, run: Run): Run {
  if (!known) return run;
  const fields = Object.keys(run) as (keyof Run)[];
  return fields.every((field) => known[field] === run[field]) ? known : run;
}
