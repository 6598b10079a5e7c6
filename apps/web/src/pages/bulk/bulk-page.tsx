import { SimpleGrid, Skeleton } from '@mantine/core';
import { IconStack2 } from '@tabler/icons-react';
import { api } from '../../api/client.js';
import { isOpen } from '../../components/bulk/bulk-words.js';
import { EmptyState } from '../../components/empty-state.js';
import { ErrorState } from '../../components/error-state.js';
import { Page } from '../../components/page.js';
import { JobCard } from './job-card.js';

/** How often the list is read again, in ms: while a job is at work, and otherwise. */
const SOON_MS = 1_500;
const LATER_MS = 20_000;

/** The latest bulk jobs: how far they are, and why items were left out. */
export function BulkPage() {
  const { data, error } = api.useQuery(
    'get',
    '/api/bulk',
    {},
    { refetchInterval: ({ state }) => (state.data?.jobs.some(isOpen) ? SOON_MS : LATER_MS) },
  );
  return (
    <Page title="Bulk jobs">
      {error && !data && <ErrorState error={error} />}
      {!data && !error && <Skeleton h={240} />}
      {data?.jobs.length === 0 && (
        <EmptyState Icon={IconStack2} title="No bulk jobs">
          Cancel, replay or erase all runs that match a filter, from the list of runs; run refused events, or
          send callbacks again, from the page of an agent. A worker does it, and its progress appears here.
        </EmptyState>
      )}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        {data?.jobs.map((job) => (
          <JobCard key={job.id} job={job} />
        ))}
      </SimpleGrid>
    </Page>
  );
}
