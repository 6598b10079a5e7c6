import { Badge, Group, List, Spoiler, Stack, Text } from '@mantine/core';
import type { Schema } from '../../../../api/client.js';
import { formatNumber } from '../../../../components/format.js';
import { RelativeTime } from '../../../../components/times.js';

/** Height of the events that are shown at first, in CSS pixels. */
const SHOWN_HEIGHT = 132;

/** What a filter would do with the agent's past events. */
export function FilterTrial({ test }: { test: Schema<'FilterTest'> }) {
  const { passed, filtered, failed, untried, events } = test;
  if (events.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No events to try it on yet. The last 100 will be tried here.
      </Text>
    );
  }
  return (
    <Stack gap={6}>
      <Text size="sm" role="status">
        Of the last {formatNumber(events.length)} events, {formatNumber(passed)} would run and{' '}
        {formatNumber(filtered)} would not.
        {failed > 0 && ` For ${formatNumber(failed)}, the filter has no value; they would run.`}
        {untried > 0 && ` ${formatNumber(untried)} were too large to try.`}
      </Text>
      <Spoiler maxHeight={SHOWN_HEIGHT} showLabel="Show all" hideLabel="Show less">
        <List listStyleType="none" spacing={4} size="sm" aria-label="Past events">
          {events.map(({ id, at, name, runs, error }) => (
            <List.Item key={id} styles={{ itemWrapper: { width: '100%' }, itemLabel: { width: '100%' } }}>
              <Group gap="xs" wrap="nowrap">
                <Badge
                  variant="light"
                  color={error !== null ? 'orange' : runs ? 'green' : 'gray'}
                  radius="sm"
                  tt="none"
                  w={92}
                  flex="none"
                >
                  {error !== null ? 'no value' : runs ? 'runs' : 'filtered'}
                </Badge>
                <Text size="sm" truncate flex={1} title={error ?? name}>
                  {error === null || error === '' ? name || id : error}
                </Text>
                <Text size="sm" c="dimmed" w={84} flex="none" ta="right" truncate>
                  <RelativeTime at={at} />
                </Text>
              </Group>
            </List.Item>
          ))}
        </List>
      </Spoiler>
    </Stack>
  );
}
