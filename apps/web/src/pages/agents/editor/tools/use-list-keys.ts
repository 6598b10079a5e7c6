import { useState } from 'react';

/** Returns a copy of the list in which the item has swapped places with a neighbour. */
export function moved<T>(list: readonly T[], index: number, by: -1 | 1): T[] {
  const copy = [...list];
  const [item] = copy.splice(index, 1);
  if (item !== undefined) copy.splice(index + by, 0, item);
  return copy;
}

/** Stable keys for list items without an identity. The keys move with the items. */
export function useListKeys(length: number) {
  const [kept, keep] = useState<number[]>([]);
  // A list that was replaced from outside, for example by another version, gets new keys.
  const keys = kept.length === length ? kept : Array.from({ length }, (_, index) => index);
  return {
    keys,
    move: (index: number, by: -1 | 1) => keep(moved(keys, index, by)),
    remove: (index: number) => keep(keys.toSpliced(index, 1)),
    /** Returns the key of a new item at the end. */
    add: (): number => {
      const key = Math.max(-1, ...keys) + 1;
      keep([...keys, key]);
      return key;
    },
  };
}
