import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { IconChartAreaLine } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { api } from '../../api/client.js';
import { readinessQuery } from '../../api/readiness.js';
import { PageSkeleton } from '../../app/page-skeleton.js';
import { useSession } from '../../app/session.js';
import { AgentSelect } from '../../components/agent-select.js';
import { EmptyState } from '../../components/empty-state.js';
import { ErrorState } from '../../components/error-state.js';
import { Page } from '../../components/page.js';
import { useNow } from '../../components/use-now.js';
import { Breakdown } from './breakdown.js';
import { FirstSteps } from './first-steps.js';
import type { OverviewSearch } from './overview-search.js';
import { defaultRange, groupedStatsOf, RANGES, type RangeValue, statsOf } from './range.js';
import { StatTiles } from './stat-tiles.js';
import { useFirstAgents } from './use-first-agents.js';
import { Warnings } from './warnings.js';

/** Loaded lazily: it is large and only used here. */
const Charts = lazy(() => import('./charts.js'));

const route = getRouteApi('/shell/');
const MINUTE_MS = 60_000;
const REFRESH_MS = 10_000;
/** Height of the charts while they load, in pixels. */
const CHARTS_HEIGHT = 620;

/** The state of the installation: warnings, current queue, and history. */
export function OverviewPage() {
  const agents = useFirstAgents();
  const { can } = useSession();
  const [opened] = useState(Date.now);
  const { agent, range = defaultRange(agents?.at(-1)?.created_at, opened) } = route.useSearch();
  const navigate = route.useNavigate();
  const minute = useNow((now) => Math.floor(now / MINUTE_MS));
  const only = agent === undefined ? {} : { agent_id: [agent] };
  const query = { ...statsOf(range, minute * MINUTE_MS), ...only };
  const { data: stats, error } = api.useQuery(
    'get',
    '/api/stats',
    { params: { query } },
    { placeholderData: keepPreviousData, refetchInterval: REFRESH_MS },
  );

  const { data: byCode } = api.useQuery(
    'get',
    '/api/stats',
    {
      params: {
        query: { ...groupedStatsOf(range, minute * MINUTE_MS), ...only, group_by: 'error_code' },
      },
    },
    { placeholderData: keepPreviousData, refetchInterval: 2 * REFRESH_MS },
  );

  const { data: readiness, isPending: isAsking } = useQuery(readinessQuery);
  const { data: models, isPending: isLooking } = api.useQuery('get', '/api/models');
  // Warnings appear at the top, so wait for them rather than move the rest.
  if (isAsking || isLooking || !agents) return <PageSkeleton />;

  return (
    <Page
      title="Overview"
      actions={
        <>
          <AgentSelect
            w={{ base: '100%', xs: 220 }}
            value={agent}
            onChange={(chosen) =>
              void navigate({
                search: (before) => ({ ...before, agent: chosen }) as OverviewSearch,
                replace: true,
              })
            }
          />
          <SegmentedControl
            aria-label="Time range"
            data={RANGES.map(({ value, label }) => ({ value, label }))}
            value={range}
            onChange={(value) =>
              void navigate({
                search: (before) => ({ ...before, range: value as RangeValue }),
                replace: true,
              })
            }
          />
        </>
      }
    >
      {can('admin') && <FirstSteps agents={agents} models={models} />}
      <Warnings readiness={readiness} models={models} />
      {error && stats === undefined ? (
        <ErrorState error={error} />
      ) : (
        <StatTiles stats={stats} agent={agent} />
      )}
      {stats === undefined ? (
        !error && <Skeleton h={CHARTS_HEIGHT} />
      ) : stats.series.every(({ triggered, rejected, filtered }) => triggered + rejected + filtered === 0) ? (
        <NothingYet />
      ) : (
        <>
          <Suspense fallback={<Skeleton h={CHARTS_HEIGHT} />}>
            <Charts stats={stats} byCode={byCode} agent={agent} />
          </Suspense>
          <Breakdown range={range} now={minute * MINUTE_MS} agent={agent} />
        </>
      )}
    </Page>
  );
}

function NothingYet() {
  return (
    <EmptyState
      Icon={IconChartAreaLine}
      title="No runs in this time"
      action={<Button renderRoot={(props) => <Link to="/agents" {...props} />}>To the agents</Button>}
    >
      Open an agent, generate its webhook and post an event to it. Counts appear here within a second or two.
    </EmptyState>
  );
}
