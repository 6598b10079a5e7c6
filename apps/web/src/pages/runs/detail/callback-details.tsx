import { Button, Stack, Table, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconSend } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../../api/client.js';
import { formatDuration } from '../../../components/format.js';
import { NeedsRole } from '../../../components/needs-role.js';
import { RelativeTime } from '../../../components/relative-time.js';
import { TextView } from '../../../components/text-view.js';
import { FactRow } from './fact-row.js';
import { Section } from './section.js';
import type { Delivery } from './trace.js';

/** How the end of the run was told to the agent's callback. */
export function CallbackDetails({ delivery }: { delivery: Delivery }) {
  const excerpt = delivery.attempts.findLast(({ response_excerpt }) => response_excerpt)?.response_excerpt;
  return (
    <>
      <Section value="facts" title="Delivery">
        <Stack gap="sm" align="flex-start">
          <FactRow
            facts={{
              Status: delivery.reason ? `${delivery.status}: ${delivery.reason}` : delivery.status,
              Event: delivery.type,
              URL: delivery.url,
              'Next attempt': delivery.next_attempt_at && <RelativeTime at={delivery.next_attempt_at} />,
            }}
          />
          <Resend delivery={delivery} />
        </Stack>
      </Section>
      <Section value="output" title="Attempts">
        <Attempts attempts={delivery.attempts} />
      </Section>
      {excerpt && (
        <Section value="headers" title="What was answered last">
          <TextView text={excerpt} what="Answer" isCode />
        </Section>
      )}
    </>
  );
}

function Resend({ delivery: { id, agent_id } }: { delivery: Delivery }) {
  const queryClient = useQueryClient();
  const resend = api.useMutation('post', '/api/agents/{id}/callbacks/{delivery_id}/resend', {
    onSuccess: () => {
      notifications.show({ color: 'green', title: 'On its way', message: 'The callback is sent again.' });
      return queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}/callbacks'] });
    },
  });
  return (
    <NeedsRole role="operator">
      <Button
        size="xs"
        variant="default"
        loading={resend.isPending}
        leftSection={<IconSend size={14} aria-hidden />}
        onClick={() => resend.mutate({ params: { path: { id: agent_id, delivery_id: id } } })}
      >
        Send again
      </Button>
    </NeedsRole>
  );
}

function Attempts({ attempts }: Pick<Delivery, 'attempts'>) {
  if (attempts.length === 0) return <Text size="sm">None yet.</Text>;
  return (
    <Table verticalSpacing={6} fz="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>When</Table.Th>
          <Table.Th>Answer</Table.Th>
          <Table.Th ta="right">Took</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {attempts.map(({ at, response_status, error, duration_ms }) => (
          <Table.Tr key={at}>
            <Table.Td>
              <RelativeTime at={at} />
            </Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              {[response_status, error].filter((part) => part !== null).join(': ')}
            </Table.Td>
            <Table.Td ta="right">{formatDuration(duration_ms)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
