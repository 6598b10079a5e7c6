import { Accordion, Box, Button, Group, Skeleton, Text, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { askToConfirm } from '../../../../components/confirm.js';
import { ErrorState } from '../../../../components/error-state.js';
import { HeldCount } from '../../../../components/held-count.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { OutsideText } from '../../../../components/outside-text.js';
import { RelativeTime } from '../../../../components/times.js';
import { useHeldRows } from '../../../../components/use-held-rows.js';
import type { KeptKind } from './kept-kinds.js';

/** How many events are shown at first. */
export const FIRST = 3;
/** As many as the api keeps. */
export const ALL = 100;
/** How often the list is read again, in ms. */
export const POLL_MS = 5_000;
/** Height of a closed row, in CSS pixels. */
const ROW_HEIGHT = 45;

interface KeptEventsProps<Kept> {
  /** The heading. */
  title: string;
  /** What the events are called, in the plural. */
  label: string;
  /** What stands for them while there are none. */
  none: string;
  /** undefined until they have been read. */
  events: readonly Kept[] | undefined;
  error: unknown;
  /** Shows all; undefined if all are shown. */
  onMore: (() => void) | undefined;
  onClear: () => void;
  /** What can be done to all of them. */
  actions?: ReactNode;
  agentId: string;
  kind: KeptKind<Kept>;
}

/** The events of an agent that created no task, newest first. An admin can delete them. */
export function KeptEvents<Kept extends { id: string; at: string; accepted: object | null }>({
  title,
  label,
  none,
  events,
  error,
  onMore,
  onClear,
  actions,
  agentId,
  kind: { badgeOf, nameOf, detailsOf },
}: KeptEventsProps<Kept>) {
  const [open, setOpen] = useState<string | null>(null);
  const { rows, held, showAll, around } = useHeldRows(events ?? [], ({ id }) => id, {
    isRead: open !== null,
  });
  const what = label.toLowerCase();
  const askToClear = () =>
    askToConfirm({
      title: `Delete all ${what}?`,
      body: `All ${what} of this agent are deleted and can no longer be run. Runs created from them stay.`,
      confirm: 'Clear all',
      onConfirm: () => {
        setOpen(null);
        onClear();
      },
    });
  return (
    <section aria-label={label}>
      <Group justify="space-between" mb={6} mih={26}>
        <Title order={3} size="sm">
          {title}
        </Title>
        <HeldCount held={held} onShow={showAll} />
        <Group gap={4} ml="auto">
          {rows.some(({ accepted }) => accepted === null) && actions}
          {onMore && (
            <Button size="compact-xs" variant="subtle" onClick={onMore}>
              Show more
            </Button>
          )}
          {rows.length > 0 && (
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
        {error && !events ? <ErrorState error={error} /> : null}
        {!events && !error && <Skeleton h={44} />}
        {events && rows.length === 0 && (
          <Text size="sm" c="dimmed">
            {none}
          </Text>
        )}
        {rows.length > 0 && (
          <Accordion chevronPosition="left" value={open} onChange={setOpen}>
            {rows.map((event) => (
              <Accordion.Item key={event.id} value={event.id}>
                <Accordion.Control py={0}>
                  <Group gap="xs" wrap="nowrap">
                    {badgeOf(event)}
                    <Text size="sm" truncate flex={1}>
                      <OutsideText text={nameOf(event)} />
                      {event.accepted && ' · accepted'}
                    </Text>
                    <Text size="sm" c="dimmed" w={84} ta="right" truncate>
                      <RelativeTime at={event.at} />
                    </Text>
                  </Group>
                </Accordion.Control>
                <Accordion.Panel>{detailsOf(agentId, event)}</Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
        )}
      </Box>
    </section>
  );
}
