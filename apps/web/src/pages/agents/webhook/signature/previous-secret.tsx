import { Alert, Button, Group, Text } from '@mantine/core';
import { askToConfirm } from '../../../../components/confirm.js';
import { NeedsRole } from '../../../../components/needs-role.js';

/** Says that the previous secret is still accepted, and revokes it. */
export function PreviousSecret({ isPending, onEnd }: { isPending: boolean; onEnd: () => void }) {
  const ask = () =>
    askToConfirm({
      title: 'Revoke the previous secret?',
      body: 'Requests signed with it get 401 from now on. Make sure that the sender has the new secret.',
      confirm: 'Revoke it',
      onConfirm: onEnd,
    });
  return (
    <Alert color="blue" p="xs">
      <Group justify="space-between" gap="xs">
        <Text size="sm">The previous secret is also accepted until you revoke it.</Text>
        <NeedsRole role="admin">
          <Button size="compact-sm" variant="default" loading={isPending} onClick={ask}>
            Revoke it
          </Button>
        </NeedsRole>
      </Group>
    </Alert>
  );
}
