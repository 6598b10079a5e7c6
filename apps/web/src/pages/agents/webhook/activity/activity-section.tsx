import { Divider, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import type { Schema } from '../../../../api/client.js';
import { formatDuration, formatNumber } from '../../../../components/format.js';
import { Panel } from '../../../../components/panel.js';
import { RecentRuns } from './recent-runs.js';
import { Rejections } from './rejections.js';
import { Sparkline } from './sparkline.js';
import { useAgentStats } from './use-agent-stats.js';

const hour = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' });

/** What came to an agent: counts of a day, its latest runs, and what was refused. */
export function ActivitySection({ agentId }: { agentId: string }) {
  const stats = useAgentStats(agentId);
  return (
    <Panel title="Activity">
      <Stack gap="sm">
        {stats ? <LastDay stats={stats} /> : <Skeleton h={88} />}
        <Divider />
        <RecentRuns agentId={agentId} />
        <Divider />
        <Rejections agentId={agentId} />
      </Stack>
    </Panel>
  );
}

function LastDay({ stats: { totals, series, queue } }: { stats: Schema<'Stats'> }) {
  const counts = `${formatNumber(totals.triggered)} runs, ${formatNumber(totals.succeeded)} succeeded, ${formatNumber(totals.failed)} failed, ${formatNumber(totals.rejected)} refused`;
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={6}>
        <Title order={3} size="sm">
          Last 24 hours
        </Title>
        <Text size="sm" c="dimmed" style={{ fontVariantNumeric: 'tabular-nums' }}>
          {queue.pending + queue.started > 0 &&
            `${formatNumber(queue.started)} running, ${formatNumber(queue.pending)} waiting · `}
          median {formatDuration(totals.p50_ms)}
        </Text>
      </Group>
      <Sparkline
        label={`By hour: ${counts}`}
        bars={series.map(({ start, ...point }) => ({ ...point, label: hour.format(new Date(start)) }))}
      />
      <Text size="sm" mt={4} style={{ fontVariantNumeric: 'tabular-nums' }}>
        {counts}
      </Text>
    </div>
  );
}
