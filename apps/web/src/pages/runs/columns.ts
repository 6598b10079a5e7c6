import type { TableThProps } from '@mantine/core';

/** A column of the list of runs, apart from those that are always there. */
interface Column {
  label: string;
  /** In CSS pixels. Columns without a width share the rest. */
  width?: number;
  isRight?: boolean;
  /** The narrowest window that shows it. */
  from: 'md' | 'lg';
}

export const COLUMNS = {
  status: { label: 'Status', width: 136, from: 'md' },
  title: { label: 'Title', from: 'md' },
  payload: { label: 'Payload', from: 'md' },
  answer: { label: 'Answer', from: 'md' },
  trigger: { label: 'Trigger', width: 94, from: 'lg' },
  sender: { label: 'Sender', width: 110, from: 'lg' },
  version: { label: 'Version', width: 76, isRight: true, from: 'lg' },
  model: { label: 'Model', width: 150, from: 'lg' },
  started: { label: 'Started', width: 124, from: 'md' },
  duration: { label: 'Duration', width: 108, isRight: true, from: 'md' },
  attempt: { label: 'Attempt', width: 80, isRight: true, from: 'lg' },
  tokens: { label: 'Tokens', width: 84, isRight: true, from: 'lg' },
  cost: { label: 'Cost', width: 84, isRight: true, from: 'lg' },
} as const satisfies Record<string, Column>;

export type ColumnId = keyof typeof COLUMNS;
export const COLUMN_IDS = Object.keys(COLUMNS) as ColumnId[];

export const DEFAULT_COLUMNS: readonly ColumnId[] = [
  'status',
  'trigger',
  'started',
  'duration',
  'attempt',
  'tokens',
  'cost',
];

/** What the head and the cells of a column have in common. */
export function cellProps(id: ColumnId): Pick<TableThProps, 'ta' | 'visibleFrom'> {
  const { from, isRight }: Column = COLUMNS[id];
  return { visibleFrom: from, ...(isRight && { ta: 'right' as const }) };
}

export const widthOf = (id: ColumnId): number | undefined => (COLUMNS[id] as Column).width;
