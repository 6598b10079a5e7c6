import { type RefCallback, useState } from 'react';
import { useIsOver } from './use-is-over.js';

interface HeldRowsOptions {
  /** For example while one of the rows is open. */
  isRead?: boolean;
  /** Whether a missing row was deleted. Otherwise it only left the part of the list that was read. */
  isWhole?: boolean;
  /** What the list shows. Another filter makes it another list. */
  of?: string;
}

/**
 * The rows of a live list. Their number and order are frozen while a pointer is over them or while `isRead`,
 * so nothing moves while someone points or reads. The content of each row still updates.
 *
 * @param idOf the id of a row
 * @returns the rows to show, how many new rows are held back, how to show those, and the ref for the element
 * around them
 */
export function useHeldRows<Row>(
  rows: readonly Row[],
  idOf: (row: Row) => string,
  { isRead = false, isWhole = false, of = '' }: HeldRowsOptions = {},
): {
  rows: readonly Row[];
  held: number;
  /** Shows the rows that are held back. */
  showAll: () => void;
  around: RefCallback<HTMLElement>;
} {
  const { isOver, ref: around } = useIsOver();
  const [kept, keep] = useState<{ of: string; rows: readonly Row[] }>();
  const isHeld = (isOver || isRead) && rows.length > 0;
  if (isHeld && kept?.of !== of) keep({ of, rows });
  if (!isHeld && kept !== undefined) keep(undefined);

  const showAll = () => keep(undefined);
  if (!isHeld || kept?.of !== of) return { rows, held: 0, showAll, around };
  const latest = new Map(rows.map((row) => [idOf(row), row]));
  const shown = kept.rows.flatMap((row) => latest.get(idOf(row)) ?? (isWhole ? [] : [row]));
  const ids = new Set(shown.map(idOf));
  return { rows: shown, held: rows.filter((row) => !ids.has(idOf(row))).length, showAll, around };
}
