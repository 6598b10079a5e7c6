import type { Figure } from '../bench/report.js';

/** What one kind of work has to show. */
export interface Ledger {
  /** Something that must not happen has happened. */
  fault(what: string, detail: string): void;
  /** Something to know. */
  note(what: string, count: number): void;
  figures(): Figure[];
}

/** How many details of a fault are printed. */
const PRINTED = 10;

/**
 * Opens a ledger.
 *
 * @param faults what must not happen; shown with 0 if it does not
 */
export function openLedger(name: string, faults: string[]): Ledger {
  const notes: Figure[] = [];
  const counts = new Map(faults.map((what) => [what, 0]));
  return {
    fault(what, detail) {
      const count = (counts.get(what) ?? 0) + 1;
      counts.set(what, count);
      if (count <= PRINTED) process.stderr.write(`chaos: ${name}: ${what}: ${detail}\n`);
    },
    note: (what, value) => void notes.push({ what: `${name}: ${what}`, value, unit: '' }),
    figures: () => [
      ...notes,
      ...[...counts].map(([what, value]): Figure => {
        return { what: `${name}: ${what}`, value, unit: '', target: { is: 'at most', value: 0 } };
      }),
    ],
  };
}
