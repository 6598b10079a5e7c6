import { Badge, Skeleton } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import type { Schema } from '../../../../api/client.js';
import { FilteredDetails, nameOfFiltered } from './filtered-details.js';

const RejectionDetails = lazy(() => import('./rejection-details.js'));

/** How one kind of event that created no task is shown, in the lists of an agent and of all. */
export interface KeptKind<Event> {
  badgeOf: (event: Event) => ReactNode;
  nameOf: (event: Event) => string;
  detailsOf: (agentId: string, event: Event) => ReactNode;
}

export const FILTERED: KeptKind<Schema<'FilteredEvent'> | Schema<'WithheldFilteredEvent'>> = {
  badgeOf: ({ reason }) => (
    <Badge variant="light" color="gray" radius="sm" tt="none">
      {reason === 'filter' ? 'filter' : 'sender'}
    </Badge>
  ),
  nameOf: nameOfFiltered,
  detailsOf: (agentId, event) => <FilteredDetails agentId={agentId} event={event} />,
};

export const REFUSED: KeptKind<Schema<'Rejection'> | Schema<'WithheldRejection'>> = {
  badgeOf: ({ accepted, status }) => (
    <Badge variant="light" color={accepted ? 'gray' : 'red'} radius="sm">
      {status}
    </Badge>
  ),
  nameOf: ({ code }) => code,
  detailsOf: (agentId, rejection) => (
    <Suspense fallback={<Skeleton h={120} />}>
      <RejectionDetails agentId={agentId} rejection={rejection} />
    </Suspense>
  ),
};
