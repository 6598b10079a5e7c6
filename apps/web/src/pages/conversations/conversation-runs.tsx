import { Table, Text } from '@mantine/core';
import type { Schema } from '../../api/client.js';
import { StatusBadge } from '../../components/status-badge.js';
import { RelativeTime } from '../../components/times.js';
import { RunLink } from './run-link.js';

/** The runs of a conversation, in order of arrival. */
export function ConversationRuns({ runs }: { runs: Schema<'TaskSummary'>[] }) {
  if (runs.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Its runs have expired.
      </Text>
    );
  }
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {['Run', 'Status', 'Triggered'].map((title) => (
              <Table.Th key={title}>{title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map(({ task_id, status, created_at, error_code }) => (
            <Table.Tr key={task_id}>
              <Table.Td>
                <RunLink taskId={task_id} />
              </Table.Td>
              <Table.Td>
                <StatusBadge status={status} label={error_code ?? status} />
              </Table.Td>
              <Table.Td>
                <RelativeTime at={created_at} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
