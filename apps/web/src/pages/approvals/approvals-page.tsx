import { Skeleton, Stack, Text } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { api } from '../../api/client.js';
import { EmptyState } from '../../components/empty-state.js';
import { ErrorState } from '../../components/error-state.js';
import { Page } from '../../components/page.js';
import { ApprovalCard } from './approval-card.js';

/** The api's largest page. */
const LISTED = 100;
/** How often the list is read again, in ms. */
const READ_MS = 5_000;

/** What waits for a decision, oldest first. */
export function ApprovalsPage() {
  const { data, error } = api.useQuery(
    'get',
    '/api/approvals',
    { params: { query: { status: 'pending', limit: LISTED } } },
    { refetchInterval: READ_MS },
  );
  return (
    <Page title="Approvals">
      {error && <ErrorState error={error} />}
      {!data && !error && <Skeleton h={200} />}
      {data?.approvals.length === 0 && (
        <EmptyState Icon={IconHandStop} title="Nothing waits for a decision">
          Calls of tools with <code>approval</code>, questions of models and expected callbacks appear here.
        </EmptyState>
      )}
      <Stack>
        {data?.approvals.map((approval) => (
          <ApprovalCard key={`${approval.task_id} ${approval.call_id}`} approval={approval} />
        ))}
      </Stack>
      {data?.next_cursor && (
        <Text size="sm" c="dimmed">
          These are the oldest {LISTED}; the API lists the others.
        </Text>
      )}
    </Page>
  );
}
