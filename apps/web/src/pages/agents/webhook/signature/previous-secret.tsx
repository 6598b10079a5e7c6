import { Alert, Button, Group, Text } from '@mantine/core';
import { askToConfirm } from '../../../../components/confirm.js';
import { NeedsRole } from '../../../../components/needs-role.js';

/** Two secrets count: says so, and ends the older. */
export function PreviousSecret({ isPending, onEnd }: { isPending: boolean; onEnd: () => void }) {
  const ask = () =>
    askToConfirm({
      title: 'End the previous secret?',
      body: 'What is still signed with it is refused with 401 from now on. Make sure that the sender has the new one.',
      confirm: 'End it',
      onConfirm: onEnd,
    });
  return (
    <Alert color="blue" p="xs">
      <Group justify="space-between" gap="xs">
        <Text size="sm">The previous secret counts too, until you end it.</Text>
        <NeedsRole role="admin">
          <Button size="compact-sm" variant="default" loading={isPending} onClick={ask}>
            End it
          </Button>
        </NeedsRole>
      </Group>
    </Alert>
  );
}
