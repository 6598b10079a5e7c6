import { Anchor, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { api, type Schema } from '../../../../api/client.js';
import { HeldCount } from '../../../../components/held-count.js';
import { StatusBadge } from '../../../../components/status-badge.js';
import { Elapsed, RelativeTime } from '../../../../components/times.js';
import { useHeldRows } from '../../../../components/use-held-rows.js';
import { RunLink } from '../run-link.js';

const SHOWN = 5;
const POLL_MS = 4_000;
/** The interval while one of them has not ended. */
const POLL_SOON_MS = 1_000;
const ROW_HEIGHT = 26;
const NONE: readonly Schema<'TaskSummary'>[] = [];

/** The latest runs of an agent, kept current. */
export function RecentRuns({ agentId }: { agentId: string }) {
  const { data } = api.useQuery(
    'get',
    '/api/tasks',
    { params: { query: { agent_id: agentId, limit: SHOWN } } },
    {
      refetchInterval: ({ state }) =>
        state.data?.tasks.some(({ finished_at }) => finished_at === null) ? POLL_SOON_MS : POLL_MS,
    },
  );
  const { rows, held, showAll, around } = useHeldRows(data?.tasks ?? NONE, ({ task_id }) => task_id);
  return (
    <section aria-label="Recent runs">
      <Group justify="space-between" mb={6}>
        <Title order={3} size="sm">
          Recent runs
        </Title>
        <HeldCount held={held} onShow={showAll} />
        <Anchor size="sm" renderRoot={(props) => <Link to="/runs" search={{ agent: agentId }} {...props} />}>
          See all
        </Anchor>
      </Group>
      <Stack gap={4} mih={SHOWN * ROW_HEIGHT} ref={around} data-newest-first>
        {!data && <Skeleton h={SHOWN * ROW_HEIGHT} />}
        {data && rows.length === 0 && (
          <Text size="sm" c="dimmed">
            No runs yet. Send a test, or paste the curl command into a shell.
          </Text>
        )}
        {rows.map(({ task_id, status, trigger, created_at, started_at, finished_at, error_code }) => (
          <Group key={task_id} gap="xs" wrap="nowrap" h={22}>
            <StatusBadge status={status} />
            <RunLink taskId={task_id}>{task_id.slice(0, 8)}</RunLink>
            <Text size="sm" c="dimmed" truncate flex={1} title={error_code ?? trigger} visibleFrom="xl">
              {error_code ?? trigger}
            </Text>
            <Text size="sm" c="dimmed" ml="auto" w={74} flex="none" ta="right" truncate>
              <Elapsed from={started_at} to={finished_at} />
            </Text>
            <Text size="sm" c="dimmed" w={84} flex="none" ta="right" truncate>
              <RelativeTime at={created_at} />
            </Text>
          </Group>
        ))}
      </Stack>
    </section>
  );
}
