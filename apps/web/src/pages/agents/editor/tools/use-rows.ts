import { useState } from 'react';
import { isSame } from '../draft/draft.js';

export interface Row<T> {
  key: number;
  name: string;
  value: T;
}

/**
 * The entries of a map as rows. While being edited, rows may lack a name or share one. The map is
 * authoritative: when it differs from the rows, they are rebuilt from it.
 */
export function useRows<T>(map: Record<string, T> | undefined, onChange: (map: Record<string, T>) => void) {
  const [kept, keep] = useState<Row<T>[]>(() => toRows(map));
  const rows = isSame(toMap(kept), map ?? {}) ? kept : toRows(map);
  const change = (next: Row<T>[]) => {
    keep(next);
    onChange(toMap(next));
  };
  return {
    rows,
    edit: (key: number, changes: Partial<Row<T>>) =>
      change(rows.map((row) => (row.key === key ? { ...row, ...changes } : row))),
    remove: (key: number) => change(rows.filter((row) => row.key !== key)),
    add: (value: T) =>
      change([...rows, { key: Math.max(-1, ...rows.map(({ key }) => key)) + 1, name: '', value }]),
  };
}

const toRows = <T>(map: Record<string, T> = {}): Row<T>[] =>
  Object.entries(map).map(([name, value], key) => ({ key, name, value }));

/** If two rows share a name, the later one wins. A row without a name is not in the map yet. */
const toMap = <T>(rows: Row<T>[]): Record<string, T> =>
  Object.fromEntries(rows.filter(({ name }) => name !== '').map(({ name, value }) => [name, value]));
