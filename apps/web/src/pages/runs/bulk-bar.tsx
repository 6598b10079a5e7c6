import { Affix, Button, CloseButton, Group, Paper, Text, Transition } from '@mantine/core';
import { IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import type { BulkInput } from '../../components/bulk/bulk-words.js';
import { useMatching } from '../../components/bulk/use-matching.js';
import { NeedsRole } from '../../components/needs-role.js';
import { queryOf, type Run, type RunFilters } from './run-filters.js';
import { isUnfinished } from './run-list.js';

const BulkDialog = lazy(() => import('../../components/bulk/bulk-dialog.js'));

interface BulkBarProps {
  /** The selected runs. */
  runs: readonly Run[];
  filters: RunFilters;
  onClear: () => void;
}

/** The states of runs that can be cancelled. */
const OPEN = ['PENDING', 'STARTED'] as const;

/**
 * The actions on the selected runs, or on all that match the filters, at the bottom of the window while any
 * are selected.
 */
export function BulkBar({ runs, filters, onClear }: BulkBarProps) {
  const [asked, setAsked] = useState<BulkInput>();
  /** The filter of all that match, once they are chosen. New runs do not belong to them. */
  const [all, setAll] = useState<ReturnType<typeof queryOf>>();
  const isShown = runs.length > 0;
  const [openedAt] = useState(Date.now);
  const filter = queryOf(filters, openedAt);
  const matching = useMatching({ action: 'replay', filter }, isShown && !all)?.matching;
  if (!isShown && all) setAll(undefined);
  const clear = () => {
    setAll(undefined);
    onClear();
  };
  const chooseAll = () => {
    const now = Date.now();
    setAll({ to: new Date(now).toISOString(), ...queryOf(filters, now) });
  };
  const unfinished = runs.filter(isUnfinished);
  const ids = (chosen: readonly Run[]) => chosen.map(({ task_id }) => task_id);
  const replay = () => setAsked({ action: 'replay', ...(all ? { filter: all } : { ids: ids(runs) }) });
  const cancel = () =>
    setAsked({
      action: 'cancel',
      ...(all ? { filter: { ...all, status: openOf(all.status) } } : { ids: ids(unfinished) }),
    });
  return (
    <>
      <Affix position={{ bottom: 16, left: 0, right: 0 }} style={{ pointerEvents: 'none' }}>
        <Transition mounted={isShown} transition="slide-up">
          {(style) => (
            <Paper shadow="md" p="xs" mx="auto" w="fit-content" style={{ ...style, pointerEvents: 'auto' }}>
              <Group gap="xs" role="toolbar" aria-label="Selected runs" justify="center">
                <Text size="sm" fw={600} px={4} role="status">
                  {all ? 'All that match' : `${runs.length} selected`}
                </Text>
                {!all && matching !== undefined && matching > runs.length && (
                  <Button size="xs" variant="subtle" onClick={chooseAll}>
                    All {matching.toLocaleString()} that match
                  </Button>
                )}
                <NeedsRole role="operator">
                  <Button
                    size="xs"
                    variant="light"
                    leftSection={<IconRefresh size={14} aria-hidden />}
                    onClick={replay}
                  >
                    {all ? 'Replay all' : 'Replay'}
                  </Button>
                </NeedsRole>
                <NeedsRole role="operator">
                  <Button
                    size="xs"
                    variant="light"
                    color="red"
                    disabled={all ? openOf(all.status).length === 0 : unfinished.length === 0}
                    leftSection={<IconPlayerStop size={14} aria-hidden />}
                    onClick={cancel}
                  >
                    {all ? 'Cancel all' : unfinished.length === 0 ? 'Cancel' : `Cancel ${unfinished.length}`}
                  </Button>
                </NeedsRole>
                <CloseButton aria-label="Clear the selection" onClick={clear} />
              </Group>
            </Paper>
          )}
        </Transition>
      </Affix>
      {asked && (
        <Suspense>
          <BulkDialog
            input={asked}
            onClose={(hasRun) => {
              setAsked(undefined);
              if (hasRun) clear();
            }}
          />
        </Suspense>
      )}
    </>
  );
}

/** The unfinished ones of the states that a filter asks for; of none, all. */
const openOf = (statuses: readonly string[] | undefined) =>
  OPEN.filter((each) => statuses?.includes(each) ?? true);
