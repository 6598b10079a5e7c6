import { useState } from 'react';

/** A copy of a list in which an item changed places with its neighbour. */
export function moved<T>(list: readonly T[], index: number, by: -1 | 1): T[] {
  const copy = [...list];
  const [item] = copy.splice(index, 1);
  if (item !== undefined) copy.splice(index + by, 0, item);
  return copy;
}

/** Keys for the items of a list that have no identity of their own, which go with them as they move. */
export function useListKeys(length: number) {
  const [kept, keep] = useState<number[]>([]);
  // A list that was replaced from outside, by another version for example, gets keys anew.
  const keys = kept.length === length ? kept : Array.from({ length }, (_, index) => index);
  return {
    keys,
    move: (index: number, by: -1 | 1) => keep(moved(keys, index, by)),
    remove: (index: number) => keep(keys.toSpliced(index, 1)),
    /** Returns the key of an item that is added at the end. */
    add: (): number => {
      const key = Math.max(-1, ...keys) + 1;
      keep([...keys, key]);
      return key;
    },
  };
}
