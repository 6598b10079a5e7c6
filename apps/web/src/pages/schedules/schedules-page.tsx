import { Anchor, Button, Center, Paper, SimpleGrid, Skeleton, Text, Title } from '@mantine/core';
import { IconCalendarTime } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { api, type Schema } from '../../api/client.js';
import { EmptyState } from '../../components/empty-state.js';
import { ErrorState } from '../../components/error-state.js';
import { OutsideText } from '../../components/outside-text.js';
import { Page } from '../../components/page.js';
import { useAgentNames } from '../../components/use-agent-names.js';
import { summaryOf } from '../agents/editor/schedules/schedule.js';
import { ScheduleRuns } from '../agents/editor/schedules/schedule-runs.js';

/** How many agents a page of the api has. */
const PAGE = 50;
const REFRESH_MS = 30_000;

type AgentSchedule = Schema<'AgentSchedule'>;

/** The schedules of all agents: what is due next, what is paused and why. */
export function SchedulesPage() {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = api.useInfiniteQuery(
    'get',
    '/api/schedules',
    { params: { query: { limit: PAGE } } },
    {
      // null is left out of the URL.
      initialPageParam: null,
      getNextPageParam: ({ next_cursor }) => next_cursor,
      refetchInterval: REFRESH_MS,
    },
  );
  const names = useAgentNames();
  const rows = data?.pages.flatMap(({ schedules }) => schedules).sort(byNextRun);
  return (
    <Page title="Schedules">
      {error && !rows && <ErrorState error={error} />}
      {!rows && !error && <Skeleton h={240} />}
      {rows?.length === 0 && (
        <EmptyState
          Icon={IconCalendarTime}
          title="No agent has a schedule"
          action={
            <Button variant="default" renderRoot={(props) => <Link to="/agents" {...props} />}>
              To the agents
            </Button>
          }
        >
          A schedule runs an agent at set times, without an event. Add one on the agent’s page, under Events.
        </EmptyState>
      )}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        {rows?.map(({ agent_id, schedule }) => (
          <Paper component="article" key={`${agent_id} ${schedule.id}`} aria-label={schedule.id}>
            <Title order={2} size="sm" mb={4}>
              <Anchor
                inherit
                renderRoot={(props) => (
                  <Link to="/agents/$agentId" params={{ agentId: agent_id }} {...props} />
                )}
              >
                <OutsideText text={names?.get(agent_id) ?? agent_id} />
              </Anchor>
              {': '}
              <OutsideText text={schedule.id} />
            </Title>
            <Text size="sm" c="dimmed" mb="xs" style={{ overflowWrap: 'anywhere' }}>
              {summaryOf(schedule)}
            </Text>
            <ScheduleRuns agentId={agent_id} state={schedule} />
          </Paper>
        ))}
      </SimpleGrid>
      {hasNextPage && (
        <Center>
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        </Center>
      )}
    </Page>
  );
}

/** What is paused comes first, and then what is due soonest. */
function byNextRun(a: AgentSchedule, b: AgentSchedule): number {
  const at = ({ schedule: { paused_at, next_runs } }: AgentSchedule) =>
    paused_at === null ? (next_runs[0] ?? '9') : '';
  return at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : 0;
}
