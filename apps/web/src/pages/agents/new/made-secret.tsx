import { Alert, Button, Code, Group, Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { CopyButton } from '../../../components/copy-button.js';
import { Panel } from '../../../components/panel.js';

/** The one time that the secret which was made for a callback can be read. */
export function MadeSecret({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <Panel title="The agent is made, and its callback has a secret of its own">
      <Stack>
        <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title="Copy it now">
          Whoever receives the callback checks its signature with it. It can not be shown again.
        </Alert>
        <Code block aria-label="Secret of the callback">
          {secret}
        </Code>
        <Group justify="flex-end">
          <CopyButton value={secret} what="secret of the callback" label="Copy" />
          <Button onClick={onDone}>To the agent</Button>
        </Group>
      </Stack>
    </Panel>
  );
}
