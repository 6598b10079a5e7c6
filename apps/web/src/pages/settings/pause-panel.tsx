import { Group, Text } from '@mantine/core';
import { NeedsRole } from '../../components/needs-role.js';
import { Panel } from '../../components/panel.js';
import { PauseButton } from '../../components/pauses/pause-button.js';
import { usePauses } from '../../components/pauses/use-pauses.js';

/** Pauses everything. The banner of all pages resumes it. */
export function PausePanel() {
  const isPaused = usePauses().some(({ scope }) => scope === 'installation');
  return (
    <Panel title="Pause">
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed" flex="1 1 200px">
          {isPaused ? 'Everything is paused.' : 'Stops every agent. Events are stored and wait.'}
        </Text>
        {!isPaused && (
          <NeedsRole role="operator">
            <PauseButton target={{ scope: 'installation' }} name="everything" label="Pause everything" />
          </NeedsRole>
        )}
      </Group>
    </Panel>
  );
}
