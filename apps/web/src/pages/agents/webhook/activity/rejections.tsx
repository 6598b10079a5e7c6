import { Accordion, Badge, Box, Button, Group, Skeleton, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schema } from '../../../../api/client.js';
import { askToConfirm } from '../../../../components/confirm.js';
import { ErrorState } from '../../../../components/error-state.js';
import { HeldCount } from '../../../../components/held-count.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { RelativeTime } from '../../../../components/times.js';
import { useHeldRows } from '../../../../components/use-held-rows.js';
import { RejectionDetails } from './rejection-details.js';

const FIRST = 3;
/** As many as the api keeps. */
const ALL = 100;
const POLL_MS = 5_000;
/** Height of a closed row, in CSS pixels. */
const ROW_HEIGHT = 45;
const NONE: readonly (Schema<'Rejection'> | Schema<'WithheldRejection'>)[] = [];

/** The agent's rejections, each with a button to run it. */
export function Rejections({ agentId }: { agentId: string }) {
  const queryClient = useQueryClient();
  const [limit, setLimit] = useState(FIRST);
  const [open, setOpen] = useState<string | null>(null);
  const path = { id: agentId };
  const { data, error } = api.useQuery(
    'get',
    '/api/agents/{id}/rejections',
    { params: { path, query: { limit } } },
    { refetchInterval: POLL_MS, placeholderData: (before) => before },
  );
  const clear = api.useMutation('delete', '/api/agents/{id}/rejections', {
    onSuccess: () => {
      setOpen(null);
      return queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}/rejections'] });
    },
  });
  const askToClear = () =>
    askToConfirm({
      title: 'Delete all rejections?',
      body: 'All rejections of this agent are deleted and can no longer be run. Runs created from them stay.',
      confirm: 'Clear all',
      onConfirm: () => clear.mutate({ params: { path } }),
    });
  const {
    rows: rejections,
    held,
    showAll,
    around,
  } = useHeldRows(data?.rejections ?? NONE, ({ id }) => id, { isRead: open !== null });

  return (
    <section aria-label="Rejections">
      <Group justify="space-between" mb={6} mih={26}>
        <Title order={3} size="sm">
          Rejections
        </Title>
        <HeldCount held={held} onShow={showAll} />
        <Group gap={4} ml="auto">
          {data?.next_cursor && limit === FIRST && (
            <Button size="compact-xs" variant="subtle" onClick={() => setLimit(ALL)}>
              Show more
            </Button>
          )}
          {rejections.length > 0 && (
            <NeedsRole role="admin">
              <Button size="compact-xs" variant="subtle" color="red" onClick={askToClear}>
                Clear all
              </Button>
            </NeedsRole>
          )}
        </Group>
      </Group>
      {/* Reserves space for as many as are shown, so that a new one moves nothing. */}
      <Box mih={FIRST * ROW_HEIGHT} ref={around} data-newest-first>
        {error && !data && <ErrorState error={error} />}
        {!data && !error && <Skeleton h={44} />}
        {data && rejections.length === 0 && (
          <Text size="sm" c="dimmed">
            No rejections. A request that is refused (a wrong signature, a payload that does not match, too
            many at once) is kept here, so that you can fix the cause and run it.
          </Text>
        )}
        {rejections.length > 0 && (
          <Accordion chevronPosition="left" value={open} onChange={setOpen}>
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
                    <Text size="sm" c="dimmed" w={84} ta="right" truncate>
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
      </Box>
    </section>
  );
}
