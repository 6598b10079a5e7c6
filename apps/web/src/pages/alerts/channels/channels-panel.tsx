import { Button, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../api/client.js';
import { useSession } from '../../../app/session.js';
import { deliveryWords } from '../../../components/delivery-words.js';
import { EditedList, EditedRow } from '../edited-list.js';
import { ChannelForm } from './channel-form.js';
import { ChannelLog } from './channel-log.js';
import { CHANNEL_TYPES, type Channel } from './channel-types.js';

/** The ways by which people are told, and a form to add or change one. */
export function ChannelsPanel() {
  const { data, error } = api.useQuery('get', '/api/notify-channels');
  return (
    <EditedList
      title="Channels"
      description="How people get alerts, and approvals of agents that name a channel."
      what="channel"
      none="There is no channel yet."
      items={data?.channels}
      error={error}
      row={(channel, onEdit) => <ChannelRow key={channel.id} channel={channel} onEdit={onEdit} />}
      form={(channel, onClose) => <ChannelForm channel={channel} onClose={onClose} />}
    />
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
    <EditedRow
      name={name}
      about={[CHANNEL_TYPES[type].label, receiverOf(channel)].filter(Boolean).join(' · ')}
      onEdit={onEdit}
      deletion={{
        title: `Delete the channel ${name}?`,
        body: 'What was still to be told through it is skipped. Agents and rules that name it tell the others.',
        onConfirm: () => remove.mutate({ params }),
      }}
      actions={
        <>
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
        </>
      }
    >
      {send.data && (
        <Text size="sm" mt="xs" role="status" style={{ overflowWrap: 'anywhere' }}>
          Test message: {deliveryWords(send.data)}
          {send.data.attempts.at(-1)?.error && `. ${send.data.attempts.at(-1)?.error}`}
        </Text>
      )}
      {isLogOpen && <ChannelLog id={id} />}
    </EditedRow>
  );
}

/** Where a channel leads, as far as that is no secret. */
const receiverOf = ({ type, url, to, chat_id }: Channel): string =>
  type === 'webhook' ? `${url}` : (to?.join(', ') ?? chat_id ?? '');
