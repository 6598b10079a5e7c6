import { Button, Group, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../api/client.js';
import { useSession } from '../../../app/session.js';
import { askToConfirm } from '../../../components/confirm.js';
import { deliveryWords } from '../../../components/delivery-words.js';
import { ErrorState } from '../../../components/error-state.js';
import { Panel } from '../../../components/panel.js';
import { ChannelForm } from './channel-form.js';
import { ChannelLog } from './channel-log.js';
import { CHANNEL_TYPES, type Channel } from './channel-types.js';

/** The ways by which people are told, and a form to add or change one. */
export function ChannelsPanel() {
  const { can } = useSession();
  const { data, error } = api.useQuery('get', '/api/notify-channels');
  const [edited, setEdited] = useState<Channel | 'new'>();
  return (
    <Panel
      title="Channels"
      description="How people get alerts, and approvals of agents that name a channel."
      actions={
        can('admin') && (
          <Button size="xs" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited('new')}>
            New channel
          </Button>
        )
      }
    >
      {error && <ErrorState error={error} />}
      {!data && !error && <Skeleton h={80} />}
      {data?.channels.length === 0 && (
        <Text size="sm" c="dimmed">
          There is no channel yet.
        </Text>
      )}
      <Stack gap="xs">
        {data?.channels.map((channel) => (
          <ChannelRow key={channel.id} channel={channel} onEdit={() => setEdited(channel)} />
        ))}
      </Stack>
      {edited && (
        <ChannelForm channel={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </Panel>
  );
}

function ChannelRow({ channel, onEdit }: { channel: Channel; onEdit: () => void }) {
  const { can } = useSession();
  const queryClient = useQueryClient();
  const [isLogOpen, setLogOpen] = useState(false);
  const { id, name, type } = channel;
  const params = { path: { id } };
  const send = api.useMutation('post', '/api/notify-channels/{id}/test', {
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: ['get', '/api/notify-channels/{id}/notifications'] }),
  });
  const remove = api.useMutation('delete', '/api/notify-channels/{id}', {
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/notify-channels'] }),
  });
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" align="flex-start">
        <div style={{ minWidth: 0, flex: '1 1 200px' }}>
          <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Text>
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {[CHANNEL_TYPES[type].label, receiverOf(channel)].filter(Boolean).join(' · ')}
          </Text>
        </div>
        <Group gap="xs">
          {can('operator') && (
            <Button
              size="compact-sm"
              variant="light"
              loading={send.isPending}
              onClick={() => send.mutate({ params })}
              aria-label={`Test ${name}`}
            >
              Test
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => setLogOpen(!isLogOpen)}
            aria-expanded={isLogOpen}
            aria-label={`Messages of ${name}`}
          >
            Messages
          </Button>
          {can('admin') && (
            <>
              <Button size="compact-sm" variant="subtle" onClick={onEdit} aria-label={`Change ${name}`}>
                Change
              </Button>
              <Button
                size="compact-sm"
                variant="subtle"
                color="red"
                aria-label={`Delete ${name}`}
                onClick={() =>
                  askToConfirm({
                    title: `Delete the channel ${name}?`,
                    body: 'What was still to be told through it is skipped. Agents and rules that name it tell the others.',
                    confirm: 'Delete',
                    onConfirm: () => remove.mutate({ params }),
                  })
                }
              >
                Delete
              </Button>
            </>
          )}
        </Group>
      </Group>
      {send.data && (
        <Text size="sm" mt="xs" role="status" style={{ overflowWrap: 'anywhere' }}>
          Test message: {deliveryWords(send.data)}
          {send.data.attempts.at(-1)?.error && `. ${send.data.attempts.at(-1)?.error}`}
        </Text>
      )}
      {isLogOpen && <ChannelLog id={id} />}
    </Paper>
  );
}

/** Where a channel leads, as far as that is no secret. */
const receiverOf = ({ type, url, to, chat_id }: Channel): string =>
  type === 'webhook' ? `${url}` : (to?.join(', ') ?? chat_id ?? '');
