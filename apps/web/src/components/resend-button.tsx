import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconSend } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { api, type Schema } from '../api/client.js';
import { explain, isProblem } from '../api/problem.js';
import { useOnce } from '../api/use-once.js';
import { NeedsRole } from './needs-role.js';

/** Sends a callback again. */
export function ResendButton({ delivery: { id, agent_id } }: { delivery: Schema<'CallbackDelivery'> }) {
  const queryClient = useQueryClient();
  const once = useOnce();
  const resend = api.useMutation('post', '/api/agents/{id}/callbacks/{delivery_id}/resend', {
    meta: { quiet: true },
    onSuccess: () => {
      notifications.show({ color: 'green', title: 'Queued', message: 'The callback will be sent again.' });
      return queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}/callbacks'] });
    },
    onError: (error) => notifications.show({ color: 'red', autoClose: 10_000, ...refusalWords(error) }),
  });
  const path = { id: agent_id, delivery_id: id };
  const send = () =>
    once(path, (header) => resend.mutateAsync({ params: { path, header } })).catch(() => undefined); // shown
  return (
    <NeedsRole role="operator">
      <Button
        size="xs"
        variant="default"
        loading={resend.isPending}
        leftSection={<IconSend size={14} aria-hidden />}
        onClick={() => void send()}
      >
        Send again
      </Button>
    </NeedsRole>
  );
}

/** Why it was not sent, and where to fix that. */
function refusalWords(error: unknown): { title: string; message: string } {
  const code = isProblem(error) ? error.code : undefined;
  if (code === 'callback_disabled')
    return {
      title: 'Enable the callback first',
      message: 'Deliveries have stopped. The agent’s page says why and can start them again.',
    };
  if (code === 'no_callback')
    return {
      title: 'The agent has no callback',
      message: 'Add one on the agent’s page before you send this.',
    };
  const { title, detail } = explain(error);
  return { title, message: detail };
}
