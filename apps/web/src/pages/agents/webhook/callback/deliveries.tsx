import { Accordion, Group, Skeleton, Text } from '@mantine/core';
import { api } from '../../../../api/client.js';
import { ErrorState } from '../../../../components/error-state.js';
import { RelativeTime } from '../../../../components/relative-time.js';
import { StatusBadge } from '../../../../components/status-badge.js';
import { DeliveryDetails } from './delivery-details.js';

const SHOWN = 5;
const POLL_MS = 5_000;

/** The latest posts to an agent's callback. */
export function Deliveries({ agentId }: { agentId: string }) {
  const { data, error } = api.useQuery(
    'get',
    '/api/agents/{id}/callbacks',
    { params: { path: { id: agentId }, query: { limit: SHOWN } } },
    { refetchInterval: POLL_MS },
  );
  if (error && !data) return <ErrorState error={error} />;
  if (!data) return <Skeleton h={44} />;
  if (data.callbacks.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No deliveries yet. The next run that ends makes the first; a test does too.
      </Text>
    );
  }
  return (
    <Accordion chevronPosition="left">
      {data.callbacks.map((delivery) => {
        const last = delivery.attempts.at(-1);
        return (
          <Accordion.Item key={delivery.id} value={delivery.id}>
            <Accordion.Control py={0}>
              <Group gap="xs" wrap="nowrap">
                <StatusBadge status={delivery.status} />
                <Text size="sm" truncate flex={1}>
                  {delivery.type}
                  {last && ` · ${last.response_status ?? 'no answer'}`}
                  {delivery.attempts.length > 1 && ` · ${delivery.attempts.length} attempts`}
                </Text>
                <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
                  <RelativeTime at={delivery.created_at} />
                </Text>
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              <DeliveryDetails delivery={delivery} />
            </Accordion.Panel>
          </Accordion.Item>
        );
      })}
    </Accordion>
  );
}
