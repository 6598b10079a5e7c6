import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { api } from '../../../../api/client.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { RelativeTime } from '../../../../components/times.js';
import type { Agent } from '../../editor/draft/draft.js';
import { useShowSaved } from '../../editor/draft/use-save.js';

type Disabled = NonNullable<NonNullable<Agent['callback']>['disabled']>;

/** Says why deliveries have stopped, and enables them again. */
export function DisabledNotice({ agentId, disabled }: { agentId: string; disabled: Disabled }) {
  const showSaved = useShowSaved();
  const enable = api.useMutation('post', '/api/agents/{id}/callback/enable', { onSuccess: showSaved });
  return (
    <Alert color="red" role="status" icon={<IconAlertTriangle aria-hidden />} title="Deliveries have stopped">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {disabled.reason} (<RelativeTime at={disabled.at} />) Once the receiver works, enable the callback
          again. Deliveries skipped in the meantime are listed below: send those again.
        </Text>
        <NeedsRole role="admin">
          <Button
            size="compact-sm"
            variant="default"
            loading={enable.isPending}
            onClick={() => enable.mutate({ params: { path: { id: agentId } } })}
          >
            Enable again
          </Button>
        </NeedsRole>
      </Stack>
    </Alert>
  );
}
