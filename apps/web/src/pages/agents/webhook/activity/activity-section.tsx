import { Box, Divider, Skeleton, Stack, Title } from '@mantine/core';
import type { Schema } from '../../../../api/client.js';
import { FactGrid } from '../../../../components/fact-grid.js';
import { formatCount, formatDuration, formatNumber } from '../../../../components/format.js';
import { Panel } from '../../../../components/panel.js';
import { FilteredEvents } from './filtered-events.js';
import { RecentRuns } from './recent-runs.js';
import { Rejections } from './rejections.js';
import { Sparkline } from './sparkline.js';
import { useAgentStats } from './use-agent-stats.js';

const hour = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' });

/** In CSS pixels, as measured. */
const LAST_DAY_HEIGHT = 154;

/** An agent's activity: counts of the last day, latest runs, rejections, and filtered events. */
export function ActivitySection({ agentId }: { agentId: string }) {
  const stats = useAgentStats(agentId);
  return (
    <Panel title="Activity">
      <Stack gap="sm">
        {stats ? <LastDay stats={stats} /> : <Skeleton h={LAST_DAY_HEIGHT} />}
        <Divider />
        <RecentRuns agentId={agentId} />
        <Divider />
        <Rejections agentId={agentId} />
        <Divider />
        <FilteredEvents agentId={agentId} />
      </Stack>
    </Panel>
  );
}

function LastDay({ stats: { totals, series } }: { stats: Schema<'Stats'> }) {
  const counts =
    `${formatCount(totals.triggered, 'run')}, ${formatNumber(totals.succeeded)} succeeded, ` +
    `${formatNumber(totals.failed)} failed, ${formatNumber(totals.rejected)} rejected, ` +
    `${formatNumber(totals.filtered)} filtered out`;
  return (
    <div>
      <Title order={3} size="sm" mb={6}>
        Last 24 hours
      </Title>
      <Sparkline
        label={`By hour: ${counts}`}
        bars={series.map(({ start, ...point }) => ({ ...point, label: hour.format(new Date(start)) }))}
      />
      <Box mt={6}>
        <FactGrid
          width={90}
          facts={{
            Runs: formatNumber(totals.triggered),
            Succeeded: formatNumber(totals.succeeded),
            Failed: formatNumber(totals.failed),
            Refused: formatNumber(totals.rejected),
            'Filtered out': formatNumber(totals.filtered),
            Median: formatDuration(totals.p50_ms),
          }}
        />
      </Box>
    </div>
  );
}
