import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconSend } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { api, type Schema } from '../api/client.js';
import { NeedsRole } from './needs-role.js';

/** Sends a callback once more. */
export function ResendButton({ delivery: { id, agent_id } }: { delivery: Schema<'CallbackDelivery'> }) {
  const queryClient = useQueryClient();
  const resend = api.useMutation('post', '/api/agents/{id}/callbacks/{delivery_id}/resend', {
    onSuccess: () => {
      notifications.show({ color: 'green', title: 'On its way', message: 'The callback is sent again.' });
      return queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}/callbacks'] });
    },
  });
  return (
    <NeedsRole role="operator">
      <Button
        size="xs"
        variant="default"
        loading={resend.isPending}
        leftSection={<IconSend size={14} aria-hidden />}
        onClick={() => resend.mutate({ params: { path: { id: agent_id, delivery_id: id } } })}
      >
        Send again
      </Button>
    </NeedsRole>
  );
}
