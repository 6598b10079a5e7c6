import { Table, Text } from '@mantine/core';
import type { Schema } from '../api/client.js';
import { formatDuration } from './format.js';
import { RelativeTime } from './times.js';

/** The attempts of a callback delivery, each with the receiver's answer. */
export function DeliveryAttempts({
  delivery: { attempts, status },
}: {
  delivery: Schema<'CallbackDelivery'>;
}) {
  if (attempts.length === 0)
    return <Text size="sm">{status === 'pending' ? 'No attempt yet.' : 'It was not sent.'}</Text>;
  return (
    <Table verticalSpacing={6} fz="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Time</Table.Th>
          <Table.Th>Answer</Table.Th>
          <Table.Th ta="right">Duration</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {attempts.map(({ at, response_status, error, duration_ms }) => (
          <Table.Tr key={at}>
            <Table.Td>
              <RelativeTime at={at} />
            </Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{error ?? response_status}</Table.Td>
            <Table.Td ta="right">{formatDuration(duration_ms)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
