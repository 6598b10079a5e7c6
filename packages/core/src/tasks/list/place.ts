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
