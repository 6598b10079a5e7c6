import { Alert, Button, Code, Group, Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { CopyButton } from '../../../components/copy-button.js';
import { Panel } from '../../../components/panel.js';

/** Shows a new callback secret, once. */
export function MadeSecret({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <Panel title="The agent was created, and its callback has a new secret">
      <Stack>
        <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title="Copy it now">
          The receiver of the callback checks its signature with it. It cannot be shown again.
        </Alert>
        <Code block aria-label="Callback secret">
          {secret}
        </Code>
        <Group justify="flex-end">
          <CopyButton value={secret} what="callback secret" label="Copy" />
          <Button onClick={onDone}>Go to the agent</Button>
        </Group>
      </Stack>
    </Panel>
  );
}
