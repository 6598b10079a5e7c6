import { Text } from '@mantine/core';
import type { Schema } from '../../api/client.js';
import { RowTable } from '../../components/row-table.js';
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
    <RowTable
      rows={runs}
      keyOf={({ task_id }) => task_id}
      columns={[
        { title: 'Run', cell: ({ task_id }) => <RunLink taskId={task_id} /> },
        {
          title: 'Status',
          cell: ({ status, error_code }) => <StatusBadge status={status} label={error_code ?? status} />,
        },
        { title: 'Triggered', cell: ({ created_at }) => <RelativeTime at={created_at} /> },
      ]}
    />
  );
}
