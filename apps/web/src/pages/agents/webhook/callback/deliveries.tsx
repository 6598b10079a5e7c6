import { Accordion, Group, Skeleton, Text } from '@mantine/core';
import { useState } from 'react';
import type { Schema } from '../../../../api/client.js';
import { BulkButton } from '../../../../components/bulk/bulk-button.js';
import { ErrorState } from '../../../../components/error-state.js';
import { HeldCount } from '../../../../components/held-count.js';
import { StatusBadge } from '../../../../components/status-badge.js';
import { RelativeTime } from '../../../../components/times.js';
import { useHeldRows } from '../../../../components/use-held-rows.js';
import { DeliveryDetails } from './delivery-details.js';
import { useAgentDeliveries } from './use-agent-deliveries.js';

/** What a delivery tells, if it is not the success of a run. */
const KINDS: Partial<Record<Schema<'CallbackDelivery'>['type'], string>> = {
  'task.failed': 'failed run',
  'task.action_required': 'waits for a decision',
  'alert.opened': 'alert',
  'alert.resolved': 'end of an alert',
};

/** The receiver's last answer, the number of attempts, and what it tells. */
function wordsOf({ attempts, type }: Schema<'CallbackDelivery'>): string {
  const last = attempts.at(-1);
  const words = [
    last && `${last.response_status ?? 'no answer'}`,
    attempts.length > 1 && `${attempts.length} attempts`,
    KINDS[type],
  ];
  return words.filter(Boolean).join(' · ');
}

const NONE: readonly Schema<'CallbackDelivery'>[] = [];

/** The latest callback deliveries of an agent. */
export function Deliveries({ agentId }: { agentId: string }) {
  const { data, error } = useAgentDeliveries(agentId);
  const [open, setOpen] = useState<string | null>(null);
  const { rows, held, showAll, around } = useHeldRows(data?.callbacks ?? NONE, ({ id }) => id, {
    isRead: open !== null,
  });
  if (error && !data) return <ErrorState error={error} />;
  if (!data) return <Skeleton h={44} />;
  if (rows.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No deliveries yet. The next run that ends creates the first one: send a test under “Try it”.
      </Text>
    );
  }
  return (
    <div ref={around} data-newest-first>
      <Group justify="flex-end" mih={26}>
        <HeldCount held={held} onShow={showAll} />
        {rows.some(({ status }) => status === 'failed' || status === 'skipped') && (
          <BulkButton
            label="Send failed ones again…"
            input={{ action: 'resend', filter: { agent_id: agentId, status: ['failed', 'skipped'] } }}
          />
        )}
      </Group>
      <Accordion chevronPosition="left" value={open} onChange={setOpen}>
        {rows.map((delivery) => {
          return (
            <Accordion.Item key={delivery.id} value={delivery.id}>
              <Accordion.Control py={0}>
                <Group gap="xs" wrap="nowrap">
                  <StatusBadge status={delivery.status} />
                  <Text size="sm" truncate flex={1}>
                    {wordsOf(delivery)}
                  </Text>
                  <Text size="sm" c="dimmed" w={84} ta="right" truncate>
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
    </div>
  );
}
