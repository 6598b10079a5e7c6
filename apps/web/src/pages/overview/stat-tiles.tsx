import { Anchor, Paper, SimpleGrid, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schema } from '../../api/client.js';
import { readinessQuery } from '../../api/readiness.js';
import {
  formatCompact,
  formatCost,
  formatDuration,
  formatNumber,
  formatShare,
} from '../../components/format.js';
import type { RunFilters } from '../runs/run-filters.js';
import { filterOf, onlyOf } from './behind.js';
import classes from './stat-tiles.module.css';

interface StatTilesProps {
  stats: Schema<'Stats'> | undefined;
  /** The only agent that is counted. */
  agent: string | undefined;
}

/** The figures of the range and of this moment. Each leads to the runs behind it. */
export function StatTiles({ stats, agent }: StatTilesProps) {
  const { data: readiness } = useQuery(readinessQuery);
  const span = stats ? filterOf(stats, agent) : {};
  const totals = stats?.totals;
  const ended = (totals?.succeeded ?? 0) + (totals?.failed ?? 0);
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, xl: 6 }} spacing="sm">
      <Tile label="Runs" to={span} value={totals && formatNumber(totals.triggered)}>
        {totals && `${formatNumber(totals.rejected)} rejected, ${formatNumber(totals.filtered)} filtered out`}
      </Tile>
      <Tile
        label="Success rate"
        to={{ ...span, status: 'FAILURE' }}
        value={totals && formatShare(totals.succeeded, ended)}
      >
        {totals && `${formatNumber(totals.failed)} failed`}
      </Tile>
      <Tile
        label="Duration, median"
        to={{ ...span, ...(totals?.p95_ms != null && { min_ms: totals.p95_ms }) }}
        value={totals && formatDuration(totals.p50_ms)}
      >
        {totals && `95 % within ${formatDuration(totals.p95_ms)}`}
      </Tile>
      <Tile label="Spend" to={{ ...span, min_usd: 0.000_001 }} value={totals && formatCost(totals.cost_usd)}>
        {totals &&
          `${formatCompact(totals.input_tokens)} tokens in, ${formatCompact(totals.output_tokens)} out`}
      </Tile>
      <Tile
        label="Waiting now"
        to={{ ...onlyOf(agent), status: 'PENDING,STARTED' }}
        value={stats && formatNumber(stats.queue.pending)}
      >
        {stats && `${formatNumber(stats.queue.started)} started`}
      </Tile>
      <Tile label="Workers alive" value={readiness && formatNumber(readiness.workers)}>
        {readiness && (readiness.redis ? 'Redis answers' : 'Redis does not answer')}
      </Tile>
    </SimpleGrid>
  );
}

interface TileProps {
  label: string;
  value: string | undefined;
  /** The runs behind it. */
  to?: RunFilters;
  children: ReactNode;
}

/** One figure, or a skeleton of the same size while loading. */
function Tile({ label, value, to, children }: TileProps) {
  return (
    <Paper p="sm" className={classes.tile}>
      <Text size="xs" c="dimmed" fw={500}>
        {to === undefined ? (
          label
        ) : (
          <Anchor
            className={classes.cover}
            inherit
            c="inherit"
            underline="never"
            renderRoot={(props) => <Link to="/runs" search={to} {...props} />}
          >
            {label}
          </Anchor>
        )}
      </Text>
      <Skeleton visible={value === undefined} mt={2}>
        <Text fz={22} fw={650} lh={1.35}>
          {value ?? '0'}
        </Text>
        <Text size="xs" c="dimmed">
          {children || '0'}
        </Text>
      </Skeleton>
    </Paper>
  );
}
