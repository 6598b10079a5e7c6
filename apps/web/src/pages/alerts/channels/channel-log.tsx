import { Skeleton, Stack, Text } from '@mantine/core';
import { api } from '../../../api/client.js';
import { deliveryWords } from '../../../components/delivery-words.js';
import { ErrorState } from '../../../components/error-state.js';
import { RelativeTime } from '../../../components/times.js';
import { READ_MS } from '../read-ms.js';

/** How many messages are listed. */
const LISTED = 20;

/** What a channel was told last, and how each message fared. */
export function ChannelLog({ id }: { id: string }) {
  const { data, error } = api.useQuery(
    'get',
    '/api/notify-channels/{id}/notifications',
    { params: { path: { id }, query: { limit: LISTED } } },
    { refetchInterval: READ_MS },
  );
  return (
    <Stack gap={4} mt="xs">
      {error && <ErrorState error={error} />}
      {!data && !error && <Skeleton h={40} />}
      {data?.notifications.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing was told through it yet.
        </Text>
      )}
      {data?.notifications.map((told) => (
        <Text key={told.id} size="sm" style={{ overflowWrap: 'anywhere' }}>
          <RelativeTime at={told.created_at} /> · {told.type} · {deliveryWords(told)}
          {told.attempts.at(-1)?.error && `. ${told.attempts.at(-1)?.error}`}
        </Text>
      ))}
    </Stack>
  );
}
