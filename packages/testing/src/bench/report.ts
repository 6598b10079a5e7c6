import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One measured figure. */
export interface Figure {
  what: string;
  value: number;
  unit: string;
  /** The target. Figures without one are for information. */
  target?: { is: 'at least' | 'at most'; value: number };
  /** The individual measurements behind it. */
  details?: Record<string, number | number[]>;
}

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** Whether a figure meets its target, in a word; empty without one. */
function verdict({ value, target }: Figure): string {
  if (target === undefined) return '';
  const isMet = target.is === 'at least' ? value >= target.value : value <= target.value;
  return isMet ? 'yes' : 'NO';
}

function format(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  if (Number.isInteger(value)) return String(value);
  return value >= 100 ? String(Math.round(value)) : value.toFixed(value >= 10 ? 1 : 2);
}

/** The figures as a table for a terminal. */
export function toTable(figures: Figure[]): string {
  // A system without /proc has no figures for CPU time.
  const rows = figures
    .filter(({ value }) => !Number.isNaN(value))
    .map((figure) => {
      const { what, value, unit, target } = figure;
      const wanted = target
        ? `${target.is === 'at least' ? '≥' : '≤'} ${target.value.toLocaleString('en')}`
        : '';
      return [what, `${format(value)} ${unit}`, wanted, verdict(figure)];
    });
  const table = [['what', 'value', 'target', 'met'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    row
      .map((cell, n) => (n === 1 || n === 2 ? cell.padStart(widths[n] ?? 0) : cell.padEnd(widths[n] ?? 0)))
      .join('  ');
  const [head = [], ...body] = table;
  return [line(head), widths.map((width) => '─'.repeat(width)).join('  '), ...body.map(line)].join('\n');
}

/** Writes a run to bench-results/ and returns the file's path from the root of the repository. */
export function writeJson(run: { at: Date; [field: string]: unknown }): string {
  const folder = 'bench-results';
  mkdirSync(join(ROOT, folder), { recursive: true });
  const path = join(folder, `${run.at.toISOString().replaceAll(':', '-')}.json`);
  writeFileSync(join(ROOT, path), `${JSON.stringify(run, null, 2)}\n`);
  return path;
}
