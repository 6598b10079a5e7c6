import { Affix, Button, CloseButton, Group, Paper, Text, Transition } from '@mantine/core';
import { IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { NeedsRole } from '../../components/needs-role.js';
import { BulkDialog } from './bulk-dialog.js';
import type { Run } from './run-filters.js';
import { isUnfinished } from './run-list.js';

/** The actions on the selected runs, at the bottom of the window while any are selected. */
export function BulkBar({ runs, onClear }: { runs: readonly Run[]; onClear: () => void }) {
  const [asked, setAsked] = useState<{ verb: 'cancel' | 'replay'; ids: string[] }>();
  const ask = (verb: 'cancel' | 'replay', chosen: readonly Run[]) =>
    setAsked({ verb, ids: chosen.map(({ task_id }) => task_id) });
  const unfinished = runs.filter(isUnfinished);
  return (
    <>
      <Affix position={{ bottom: 16, left: 0, right: 0 }} style={{ pointerEvents: 'none' }}>
        <Transition mounted={runs.length > 0} transition="slide-up">
          {(style) => (
            <Paper shadow="md" p="xs" mx="auto" w="fit-content" style={{ ...style, pointerEvents: 'auto' }}>
              <Group gap="xs" role="toolbar" aria-label="Selected runs">
                <Text size="sm" fw={600} px={4} role="status">
                  {runs.length} selected
                </Text>
                <NeedsRole role="operator">
                  <Button
                    size="xs"
                    variant="light"
                    leftSection={<IconRefresh size={14} aria-hidden />}
                    onClick={() => ask('replay', runs)}
                  >
                    Replay
                  </Button>
                </NeedsRole>
                <NeedsRole role="operator">
                  <Button
                    size="xs"
                    variant="light"
                    color="red"
                    disabled={unfinished.length === 0}
                    leftSection={<IconPlayerStop size={14} aria-hidden />}
                    onClick={() => ask('cancel', unfinished)}
                  >
                    Cancel {unfinished.length}
                  </Button>
                </NeedsRole>
                <CloseButton aria-label="Clear the selection" onClick={onClear} />
              </Group>
            </Paper>
          )}
        </Transition>
      </Affix>
      {asked && (
        <BulkDialog
          {...asked}
          onClose={(hasRun) => {
            setAsked(undefined);
            if (hasRun) onClear();
          }}
        />
      )}
    </>
  );
}
