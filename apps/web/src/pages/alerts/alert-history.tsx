import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { api } from '../../api/client.js';
import { ErrorState } from '../../components/error-state.js';
import { Panel } from '../../components/panel.js';
import { AlertRow } from './alert-row.js';
import { READ_MS } from './read-ms.js';

/** How many alerts one page has. */
const PAGE = 20;

/** The alerts that are over, newest first. */
export function AlertHistory() {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = api.useInfiniteQuery(
    'get',
    '/api/alerts',
    { params: { query: { status: 'resolved', limit: PAGE } } },
    {
      // null is left out of the URL.
      initialPageParam: null,
      getNextPageParam: ({ next_cursor }) => next_cursor,
      refetchInterval: READ_MS,
    },
  );
  const alerts = data?.pages.flatMap((page) => page.alerts);
  return (
    <Panel title="History" description="The last 1,000 alerts, for 90 days.">
      {error && <ErrorState error={error} />}
      {!alerts && !error && <Skeleton h={80} />}
      {alerts?.length === 0 && (
        <Text size="sm" c="dimmed">
          No alert has ended yet.
        </Text>
      )}
      <Stack gap="xs">
        {alerts?.map((alert) => (
          <AlertRow key={alert.id} alert={alert} />
        ))}
        {hasNextPage && (
          <Button variant="default" onClick={() => fetchNextPage()} loading={isFetchingNextPage}>
            Older alerts
          </Button>
        )}
      </Stack>
    </Panel>
  );
}
