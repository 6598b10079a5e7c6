import { Accordion, Badge, Box, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schema } from '../../../../api/client.js';
import { askToConfirm } from '../../../../components/confirm.js';
import { ErrorState } from '../../../../components/error-state.js';
import { HeldCount } from '../../../../components/held-count.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { RelativeTime } from '../../../../components/times.js';
import { useHeldRows } from '../../../../components/use-held-rows.js';
import { Accept, KeptRequest } from './kept-request.js';

const FIRST = 3;
/** As many as the api keeps. */
const ALL = 100;
const POLL_MS = 5_000;
/** Height of a closed row, in CSS pixels. */
const ROW_HEIGHT = 45;
/** How much of a body stands for an event without a name. */
const SHOWN_BODY = 80;
const NONE: readonly (Schema<'FilteredEvent'> | Schema<'WithheldFilteredEvent'>)[] = [];

/** The events that the agent's filter left out, each with a button to run it. */
export function FilteredEvents({ agentId }: { agentId: string }) {
  const queryClient = useQueryClient();
  const [limit, setLimit] = useState(FIRST);
  const [open, setOpen] = useState<string | null>(null);
  const path = { id: agentId };
  const { data, error } = api.useQuery(
    'get',
    '/api/agents/{id}/filtered',
    { params: { path, query: { limit } } },
    { refetchInterval: POLL_MS, placeholderData: (before) => before },
  );
  const clear = api.useMutation('delete', '/api/agents/{id}/filtered', {
    onSuccess: () => {
      setOpen(null);
      return queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}/filtered'] });
    },
  });
  const askToClear = () =>
    askToConfirm({
      title: 'Delete all filtered events?',
      body: 'All filtered events of this agent are deleted and can no longer be run. Runs created from them stay.',
      confirm: 'Clear all',
      onConfirm: () => clear.mutate({ params: { path } }),
    });
  const {
    rows: events,
    held,
    showAll,
    around,
  } = useHeldRows(data?.events ?? NONE, ({ id }) => id, { isRead: open !== null });

  return (
    <section aria-label="Filtered events">
      <Group justify="space-between" mb={6} mih={26}>
        <Title order={3} size="sm">
          Filtered out
        </Title>
        <HeldCount held={held} onShow={showAll} />
        <Group gap={4} ml="auto">
          {data?.next_cursor && limit === FIRST && (
            <Button size="compact-xs" variant="subtle" onClick={() => setLimit(ALL)}>
              Show more
            </Button>
          )}
          {events.length > 0 && (
            <NeedsRole role="admin">
              <Button size="compact-xs" variant="subtle" color="red" onClick={askToClear}>
                Clear all
              </Button>
            </NeedsRole>
          )}
        </Group>
      </Group>
      {/* Reserves space for as many as are shown, so that a new one moves nothing. */}
      <Box mih={FIRST * ROW_HEIGHT} ref={around} data-newest-first>
        {error && !data && <ErrorState error={error} />}
        {!data && !error && <Skeleton h={44} />}
        {data && events.length === 0 && (
          <Text size="sm" c="dimmed">
            No filtered events. An event that the filter leaves out is answered with 200 and kept here, so
            that you can check the filter and run it after all.
          </Text>
        )}
        {events.length > 0 && (
          <Accordion chevronPosition="left" value={open} onChange={setOpen}>
            {events.map((event) => (
              <Accordion.Item key={event.id} value={event.id}>
                <Accordion.Control py={0}>
                  <Group gap="xs" wrap="nowrap">
                    <Badge variant="light" color="gray" radius="sm" tt="none">
                      {event.reason === 'filter' ? 'filter' : 'sender'}
                    </Badge>
                    <Text size="sm" truncate flex={1}>
                      {'sender' in event && event.sender !== null ? event.sender : nameOf(event)}
                      {event.accepted && ' · accepted'}
                    </Text>
                    <Text size="sm" c="dimmed" w={84} ta="right" truncate>
                      <RelativeTime at={event.at} />
                    </Text>
                  </Group>
                </Accordion.Control>
                <Accordion.Panel>
                  <Stack gap="xs">
                    {'redacted' in event ? (
                      <Text size="sm" c="dimmed">
                        Your API key may not see the request.
                      </Text>
                    ) : (
                      <KeptRequest event={event} />
                    )}
                    <Accept
                      agentId={agentId}
                      event={event}
                      label="Run it after all"
                      notice="Skips the filter, the signature and rate checks, but not the input schema."
                    />
                  </Stack>
                </Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
        )}
      </Box>
    </section>
  );
}

/** The kind of event, if a header names it. */
function nameOf(event: (typeof NONE)[number]): string {
  if ('redacted' in event) return event.method;
  const header = Object.keys(event.headers).find((name) =>
    /(^|-)(event|topic)(-(key|type|name))?$/.test(name),
  );
  return (header && event.headers[header]) || event.body.slice(0, SHOWN_BODY);
}
