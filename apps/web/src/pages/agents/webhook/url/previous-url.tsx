import { Alert, Button, Group, Text } from '@mantine/core';
import { IconClockHour4 } from '@tabler/icons-react';
import { askToConfirm } from '../../../../components/confirm.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { RelativeTime } from '../../../../components/times.js';
import { useNow } from '../../../../components/use-now.js';

/** Says how long the previous URL keeps working, and revokes it. */
export function PreviousUrl({ expiresAt, onEnd }: { expiresAt: string; onEnd: () => void }) {
  const isOver = useNow((now) => Date.parse(expiresAt) <= now);
  if (isOver) return null;
  const ask = () =>
    askToConfirm({
      title: 'Revoke the old URL now?',
      body: 'Senders that still use it get 404 from now on. The new URL keeps working.',
      confirm: 'Revoke it now',
      onConfirm: onEnd,
    });
  return (
    <Alert color="blue" p="xs" icon={<IconClockHour4 aria-hidden />}>
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          The old URL still works. It expires <RelativeTime at={expiresAt} />.
        </Text>
        <NeedsRole role="admin">
          <Button size="compact-sm" variant="default" onClick={ask}>
            Revoke it now
          </Button>
        </NeedsRole>
      </Group>
    </Alert>
  );
}
