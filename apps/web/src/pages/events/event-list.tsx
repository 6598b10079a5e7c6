import { Accordion, Anchor, Button, Center, Group, Paper, Skeleton, Text } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
import type { InfiniteData } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { EmptyState } from '../../components/empty-state.js';
import { ErrorState } from '../../components/error-state.js';
import { OutsideText } from '../../components/outside-text.js';
import { RelativeTime } from '../../components/times.js';
import { useAgentNames } from '../../components/use-agent-names.js';
import type { KeptKind } from '../agents/webhook/activity/kept-kinds.js';
import { type EventFilters, isFiltered } from './event-filters.js';
import classes from './event-list.module.css';

/** An event with its agent. */
interface Kept<Event> {
  agent_id: string;
  event: Event;
}

interface EventListProps<Event> {
  /** What the events are called, in the plural. */
  label: string;
  none: string;
  filters: EventFilters;
  list: {
    data: InfiniteData<{ events: Kept<Event>[] }> | undefined;
    error: unknown;
    hasNextPage: boolean;
    fetchNextPage: () => Promise<unknown>;
    isFetchingNextPage: boolean;
  };
  kind: KeptKind<Event>;
}

/** Events of several agents that created no run, newest first; each opens to its details. */
export function EventList<Event extends { id: string; at: string; accepted: object | null }>({
  label,
  none,
  filters,
  list: { data, error, hasNextPage, fetchNextPage, isFetchingNextPage },
  kind: { badgeOf, nameOf, detailsOf },
}: EventListProps<Event>) {
  const names = useAgentNames();
  const [open, setOpen] = useState<string | null>(null);
  const rows = data?.pages.flatMap(({ events }) => events);
  if (error && !rows) return <ErrorState error={error} />;
  if (!rows) return <Skeleton h={240} />;
  if (rows.length === 0) {
    return (
      <EmptyState
        Icon={IconFilterOff}
        title={isFiltered(filters) ? 'No event matches these filters' : `No ${label.toLowerCase()}`}
      >
        {none}
      </EmptyState>
    );
  }
  return (
    <Paper component="section" aria-label={label}>
      <Accordion chevronPosition="left" value={open} onChange={setOpen}>
        {rows.map((row) => {
          const { agent_id, event } = row;
          return (
            <Accordion.Item key={event.id} value={event.id}>
              <Accordion.Control py={0}>
                <Group gap="xs" wrap="nowrap">
                  {badgeOf(event)}
                  <Text size="sm" truncate flex={1} miw={0}>
                    <OutsideText text={nameOf(event)} />
                    {event.accepted && ' · accepted'}
                  </Text>
                  <Text size="sm" c="dimmed" flex={1} miw={0} className={classes.name} visibleFrom="sm">
                    <OutsideText text={names?.get(agent_id) ?? agent_id} />
                  </Text>
                  <Text size="sm" c="dimmed" w={84} ta="right" truncate flex="none" visibleFrom="sm">
                    <RelativeTime at={event.at} />
                  </Text>
                </Group>
                <Text size="xs" c="dimmed" mt={2} className={classes.name} hiddenFrom="sm">
                  <OutsideText text={names?.get(agent_id) ?? agent_id} />
                  {' · '}
                  <RelativeTime at={event.at} />
                </Text>
              </Accordion.Control>
              <Accordion.Panel>
                {open === event.id && (
                  <>
                    <Text size="sm" mb="xs">
                      {'Agent: '}
                      <Anchor
                        inherit
                        underline="always"
                        renderRoot={(props) => (
                          <Link to="/agents/$agentId" params={{ agentId: agent_id }} {...props} />
                        )}
                      >
                        <OutsideText text={names?.get(agent_id) ?? agent_id} />
                      </Anchor>
                    </Text>
                    {detailsOf(agent_id, event)}
                  </>
                )}
              </Accordion.Panel>
            </Accordion.Item>
          );
        })}
      </Accordion>
      {hasNextPage && (
        <Center mt="sm">
          <Button
            variant="default"
            size="xs"
            loading={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            Show more
          </Button>
        </Center>
      )}
    </Paper>
  );
}
