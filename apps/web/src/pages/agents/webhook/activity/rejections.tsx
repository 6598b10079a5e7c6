import { Accordion, Badge, Box, Button, Group, Skeleton, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schema } from '../../../../api/client.js';
import { askToConfirm } from '../../../../components/confirm.js';
import { ErrorState } from '../../../../components/error-state.js';
import { HeldCount } from '../../../../components/held-count.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { RelativeTime } from '../../../../components/relative-time.js';
import { useHeldRows } from '../../../../components/use-held-rows.js';
import { RejectionDetails } from './rejection-details.js';

const FIRST = 3;
/** All that are kept. */
const ALL = 100;
const POLL_MS = 5_000;
/** Of a row that is closed, in CSS pixels. */
const ROW_HEIGHT = 45;
const NONE: readonly (Schema<'Rejection'> | Schema<'WithheldRejection'>)[] = [];

/** What came to an agent's webhook and was refused, with the way to run it after all. */
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
      title: 'Forget what was refused?',
      body: 'All refused deliveries of this agent are deleted, and can not be run any more. Runs that were made of some of them stay.',
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
    <section aria-label="Rejected deliveries">
      <Group justify="space-between" mb={6} mih={26}>
        <Title order={3} size="sm">
          Rejected deliveries
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
      {/* Room for as many as are shown, so that one that comes pushes nothing down. */}
      <Box mih={FIRST * ROW_HEIGHT} ref={around} data-newest-first>
        {error && !data && <ErrorState error={error} />}
        {!data && !error && <Skeleton h={44} />}
        {data && rejections.length === 0 && (
          <Text size="sm" c="dimmed">
            None. What is refused (a wrong signature, a payload that does not fit, too many at once) is kept
            here, to be run once its cause is mended.
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
