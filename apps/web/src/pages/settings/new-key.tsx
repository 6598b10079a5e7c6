import { Alert, Button, Code, Group, Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Schema } from '../../api/client.js';
import { CopyButton } from '../../components/copy-button.js';

/** Shows a new key, once. */
export function NewKey({ made, onDone }: { made: Schema<'MadeApiKey'>; onDone: () => void }) {
  return (
    <Stack>
      <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title="Copy it now">
        Only a hash of it is kept: it cannot be shown again.
      </Alert>
      <Code block aria-label={`Key of ${made.name}`}>
        {made.key}
      </Code>
      <Group justify="flex-end">
        <CopyButton value={made.key} what="API key" label="Copy" />
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
}
