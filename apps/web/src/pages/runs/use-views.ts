import { useLocalStorage } from '@mantine/hooks';
import { COLUMN_IDS, type ColumnId } from './columns.js';
import { type RunFilters, validateFilters } from './run-filters.js';

const KEY = 'agenthook.run-views';
/** How many views a browser keeps. */
export const MAX_VIEWS = 30;

export interface View {
  name: string;
  filters: RunFilters;
  columns: ColumnId[];
}

function viewsOf(stored: string | undefined): View[] {
  try {
    const list: unknown = JSON.parse(stored ?? '');
    return Array.isArray(list) ? list.slice(0, MAX_VIEWS).flatMap(viewOf) : [];
  } catch {
    return [];
  }
}

function viewOf(stored: unknown): View[] {
  const { name, filters, columns } = (stored ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || !Array.isArray(columns)) return [];
  return [
    {
      name,
      filters: validateFilters((filters ?? {}) as Record<string, unknown>),
      columns: COLUMN_IDS.filter((id) => columns.includes(id)),
    },
  ];
}

/** The saved views of this browser, by name. */
export function useViews() {
  const [views, set] = useLocalStorage<View[]>({
    key: KEY,
    defaultValue: [],
    getInitialValueInEffect: false,
    deserialize: viewsOf,
  });
  const others = (name: string) => views.filter((view) => view.name !== name);
  return {
    views,
    save: (view: View) =>
      set([...others(view.name), view].sort((a, b) => a.name.localeCompare(b.name)).slice(0, MAX_VIEWS)),
    remove: (name: string) => set(others(name)),
  };
}
