import { badCursor } from '../../errors.js';

/** A task's place in the order of lists: newest first, then by id in descending order. */
export interface Place {
  /** When the task was created, in ms since the epoch. */
  ms: number;
  id: string;
}

export const isAfter = (place: Place, other: Place): boolean =>
  place.ms === other.ms ? place.id < other.id : place.ms < other.ms;

/** A comparator for sort(). */
export const inOrder = (a: Place, b: Place): number => (isAfter(b, a) ? -1 : 1);

/** Places of several sources in order, each once. A task that is being archived is in two. */
export const merged = (...sources: readonly (readonly Place[])[]): Place[] =>
  [...new Map(sources.flat().map((place) => [place.id, place])).values()].sort(inOrder);

export const cursorOf = ({ ms, id }: Place): string => Buffer.from(`${ms}.${id}`).toString('base64url');

/** The place that a cursor names. Throws `invalid_request` for anything else. */
export function placeOf(cursor: string): Place {
  const [, ms, id] = /^(\d{1,16})\.([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (ms === undefined || id === undefined) throw badCursor();
  return { ms: Number(ms), id };
}
