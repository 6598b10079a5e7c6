import { Skeleton, Stack, Table, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  type Dispatch,
  type RefObject,
  type SetStateAction,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import { useAgentNames } from '../../components/use-agent-names.js';
import type { Run, RunFilters } from './run-filters.js';
import { RunRow } from './run-row.js';
import classes from './run-table.module.css';
import { RunTableHead } from './run-table-head.js';
import { useColumns } from './use-columns.js';
import { type Place, useRememberPlace, useRestorePlace } from './use-place.js';
import { useRowKeys } from './use-row-keys.js';

/** Heights of a row in CSS pixels, the same as in the style sheet. */
const ROW = 45;
const PHONE_ROW = 65;
/** How many rows before the end to load more. */
const AHEAD = 10;

export type Selection = ReadonlySet<string>;

interface RunTableProps {
  runs: readonly Run[];
  filters: RunFilters;
  selected: Selection;
  onSelect: Dispatch<SetStateAction<Selection>>;
  /** Called with the visible runs, and whether the end is near, whenever either changes. */
  onScreen: (runs: readonly Run[], isNearEnd: boolean) => void;
  /** The part to show first, and what to call once it is shown. */
  place: Place | undefined;
  onPlaced: () => void;
}

/** Renders only the visible rows and some around them. */
export function RunTable({ runs, filters, selected, onSelect, onScreen, place, onPlaced }: RunTableProps) {
  const agents = useAgentNames();
  const [columns] = useColumns();
  const body = useRef<HTMLTableSectionElement>(null);
  const { rows, top, height } = useRows(runs, body);
  useRememberPlace(filters, { runs, top, height });
  useRestorePlace(place, onPlaced, { runs, top, height });
  const items = rows.getVirtualItems();
  const from = items.at(0)?.index ?? 0;
  const to = (items.at(-1)?.index ?? -1) + 1;
  useEffect(() => onScreen(runs.slice(from, to), to > runs.length - AHEAD), [runs, from, to, onScreen]);
  const { current, setCurrent, onKeyDown } = useRowKeys(runs, (index) => rows.scrollToIndex(index));

  const toggle = useCallback(
    (id: string) => onSelect((before) => (before.has(id) ? without(before, id) : new Set([...before, id]))),
    [onSelect],
  );
  const chosen = runs.filter(({ task_id }) => selected.has(task_id)).length;
  const above = (items.at(0)?.start ?? top) - top;
  const below = rows.getTotalSize() - ((items.at(-1)?.end ?? top) - top);
  return (
    <Table
      className={classes.table}
      layout="fixed"
      stickyHeader
      stickyHeaderOffset="var(--app-shell-header-height)"
      highlightOnHover
      aria-rowcount={-1}
    >
      <Table.Caption className={classes.caption}>
        <VisuallyHidden>Runs, newest first. J and K move between them, Enter opens one.</VisuallyHidden>
      </Table.Caption>
      <RunTableHead
        columns={columns}
        isAll={chosen > 0 && chosen === runs.length}
        isSome={chosen > 0}
        onToggleAll={() => onSelect(chosen > 0 ? new Set() : new Set(runs.map(({ task_id }) => task_id)))}
      />
      <Table.Tbody ref={body} onKeyDown={onKeyDown} data-newest-first>
        <Space height={above} />
        {runs.slice(from, to).map((run, index) => (
          <RunRow
            key={run.task_id}
            run={run}
            index={from + index}
            agentName={agents?.get(run.agent_id)}
            filters={filters}
            columns={columns}
            isSelected={selected.has(run.task_id)}
            onToggle={toggle}
            isCurrent={current === run.task_id}
            onFocus={setCurrent}
          />
        ))}
        <Space height={below} />
      </Table.Tbody>
    </Table>
  );
}

const without = (set: Selection, id: string): Selection => new Set([...set].filter((each) => each !== id));

/** The visible rows. The window scrolls, not the table. */
function useRows(runs: readonly Run[], body: RefObject<HTMLTableSectionElement | null>) {
  const isWide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  const height = isWide ? ROW : PHONE_ROW;
  const [top, setTop] = useState(0);
  // The content above the rows may wrap, so measure again after each change.
  useEffect(() => setTop(Math.round((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY)));
  const rows = useWindowVirtualizer({
    count: runs.length,
    estimateSize: () => height,
    overscan: 8,
    scrollMargin: top,
    scrollPaddingStart: 100,
    scrollPaddingEnd: 80,
    getItemKey: (index) => runs[index]?.task_id ?? index,
  });
  useEffect(() => {
    if (height) rows.measure();
  }, [rows, height]);
  return { rows, top, height };
}

/** Fills the space of the rows that are not rendered. */
function Space({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden>
      <td style={{ height, padding: 0 }} />
    </tr>
  );
}

/** Placeholder for the rows, with their height. */
export function RunTableSkeleton() {
  return (
    <Stack gap={1} aria-busy="true" aria-label="Loading runs">
      {Array.from({ length: 12 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all alike
        <Skeleton key={index} h={44} radius={0} />
      ))}
    </Stack>
  );
}
