import { Skeleton, Stack, Text } from '@mantine/core';
import { api } from '../../api/client.js';
import { ErrorState } from '../../components/error-state.js';
import { Panel } from '../../components/panel.js';
import { AlertRow } from './alert-row.js';
import { READ_MS } from './read-ms.js';

/** The api's largest page. */
const LISTED = 100;

/** The alerts whose condition holds now. */
export function OpenAlerts() {
  const { data, error } = api.useQuery(
    'get',
    '/api/alerts',
    { params: { query: { status: 'open', limit: LISTED } } },
    { refetchInterval: READ_MS },
  );
  return (
    <Panel title="Open now" description="An alert ends by itself once its condition no longer holds.">
      {error && <ErrorState error={error} />}
      {!data && !error && <Skeleton h={40} />}
      {data?.alerts.length === 0 && (
        <Text size="sm" c="dimmed">
          No alert is open.
        </Text>
      )}
      <Stack gap="xs">
        {data?.alerts.map((alert) => (
          <AlertRow key={alert.id} alert={alert} />
        ))}
      </Stack>
    </Panel>
  );
}
