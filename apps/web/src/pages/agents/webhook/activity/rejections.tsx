import { Accordion, Badge, Button, Group, Skeleton, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../../api/client.js';
import { askToConfirm } from '../../../../components/confirm.js';
import { ErrorState } from '../../../../components/error-state.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { RelativeTime } from '../../../../components/relative-time.js';
import { RejectionDetails } from './rejection-details.js';

const FIRST = 5;
/** All that are kept. */
const ALL = 100;
const POLL_MS = 5_000;

/** What came to an agent's webhook and was refused, with the way to run it after all. */
export function Rejections({ agentId }: { agentId: string }) {
  const queryClient = useQueryClient();
  const [limit, setLimit] = useState(FIRST);
  const path = { id: agentId };
  const { data, error } = api.useQuery(
    'get',
    '/api/agents/{id}/rejections',
    { params: { path, query: { limit } } },
    { refetchInterval: POLL_MS, placeholderData: (before) => before },
  );
  const clear = api.useMutation('delete', '/api/agents/{id}/rejections', {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}/rejections'] }),
  });
  const askToClear = () =>
    askToConfirm({
      title: 'Forget what was refused?',
      body: 'All refused deliveries of this agent are deleted, and can not be run any more. Runs that were made of some of them stay.',
      confirm: 'Clear all',
      onConfirm: () => clear.mutate({ params: { path } }),
    });
  const rejections = data?.rejections ?? [];

  return (
    <section aria-label="Rejected deliveries">
      <Group justify="space-between" mb={6} mih={26}>
        <Title order={3} size="sm">
          Rejected deliveries
        </Title>
        {rejections.length > 0 && (
          <NeedsRole role="admin">
            <Button size="compact-xs" variant="subtle" color="red" onClick={askToClear}>
              Clear all
            </Button>
          </NeedsRole>
        )}
      </Group>
      {error && !data && <ErrorState error={error} />}
      {!data && !error && <Skeleton h={44} />}
      {data && rejections.length === 0 && (
        <Text size="sm" c="dimmed">
          None. What is refused (a wrong signature, a payload that does not fit, too many at once) is kept
          here, to be run once its cause is mended.
        </Text>
      )}
      {rejections.length > 0 && (
        <Accordion chevronPosition="left">
          {rejections.map((rejection) => (
            <Accordion.Item key={rejection.id} value={rejection.id}>
              <Accordion.Control py={0}>
                <Group gap="xs" wrap="nowrap">
                  <Badge variant="light" color={rejection.accepted ? 'gray' : 'red'} radius="sm">
                    {rejection.status}
                  </Badge>
                  <Text size="sm" truncate flex={1}>
                    {rejection.code}
                    {rejection.accepted && ' · accepted'}
                  </Text>
                  <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
                    <RelativeTime at={rejection.at} />
                  </Text>
                </Group>
              </Accordion.Control>
              <Accordion.Panel>
                <RejectionDetails agentId={agentId} rejection={rejection} />
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      )}
      {data?.next_cursor && limit === FIRST && (
        <Button size="compact-sm" variant="subtle" mt={4} onClick={() => setLimit(ALL)}>
          Show more
        </Button>
      )}
    </section>
  );
}
