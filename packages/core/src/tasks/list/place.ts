/** Where a task stands in the order of lists: newest first, then by id from the end of the alphabet. */
export interface Place {
  /** When it was made, in ms since the epoch. */
  ms: number;
  id: string;
}

export const isAfter = (place: Place, other: Place): boolean =>
  place.ms === other.ms ? place.id < other.id : place.ms < other.ms;

/** For sort(). */
export const inOrder = (a: Place, b: Place): number => (isAfter(b, a) ? -1 : 1);
