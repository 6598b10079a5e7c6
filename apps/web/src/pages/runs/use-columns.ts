import { useLocalStorage } from '@mantine/hooks';
import { COLUMN_IDS, type ColumnId, DEFAULT_COLUMNS } from './columns.js';

const KEY = 'agenthook.run-columns';

const isColumn = (value: unknown): value is ColumnId => (COLUMN_IDS as readonly unknown[]).includes(value);

function read(stored: string | undefined): ColumnId[] {
  try {
    const list: unknown = JSON.parse(stored ?? '');
    if (Array.isArray(list)) return COLUMN_IDS.filter((id) => list.includes(id) && isColumn(id));
  } catch {
    // Nothing stored, or by something else.
  }
  return [...DEFAULT_COLUMNS];
}

/** The columns of the list of runs, as they were chosen in this browser. */
export function useColumns(): [ColumnId[], (columns: ColumnId[]) => void] {
  const [columns, set] = useLocalStorage<ColumnId[]>({
    key: KEY,
    defaultValue: [...DEFAULT_COLUMNS],
    getInitialValueInEffect: false,
    deserialize: read,
  });
  return [columns, set];
}

const TEXTS = ['title', 'payload', 'answer'] as const;

/** The texts that the api is asked for: titles always, since agents without a title path cost nothing. */
export function useShownTexts(): (typeof TEXTS)[number][] {
  const [columns] = useColumns();
  return TEXTS.filter((text) => text === 'title' || columns.includes(text));
}
