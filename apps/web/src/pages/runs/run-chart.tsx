import { Box, Button, Group, Paper, Text } from '@mantine/core';
import { IconZoomOut } from '@tabler/icons-react';
import { keepPreviousData } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api, type Schema } from '../../api/client.js';
import { formatNumber, formatSpan } from '../../components/format.js';
import { useNow } from '../../components/use-now.js';
import { chartSpan, type TimeSpan, widerSpan } from './chart-span.js';
import classes from './run-chart.module.css';
import { type FilterChange, type RunFilters, scannedFilters, statusesOf } from './run-filters.js';

const BUCKETS = 60;
const REFRESH_MS = 15_000;
const STEP_MS = 15_000;

type Bucket = Schema<'TaskHistogram'>['buckets'][number];

/** The parts of a bar from bottom to top. */
const PARTS = [
  { field: 'failed', label: 'failed', color: 'var(--mantine-color-red-6)' },
  { field: 'succeeded', label: 'succeeded', color: 'var(--mantine-color-green-6)' },
  { field: 'started', label: 'started', color: 'var(--mantine-color-blue-5)' },
  { field: 'pending', label: 'waiting', color: 'var(--mantine-color-gray-5)' },
] as const;

const time = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

interface RunChartProps {
  filters: RunFilters;
  onChange: (change: FilterChange) => void;
}

/** When the runs of the filtered agent, states and time were created. Dragging over a part of it zooms in. */
export function RunChart({ filters, onChange }: RunChartProps) {
  const now = useNow((ms) => Math.ceil(ms / STEP_MS) * STEP_MS);
  const span = chartSpan(filters, now);
  const query = {
    ...(filters.agent !== undefined && { agent_id: filters.agent }),
    ...(statusesOf(filters).length > 0 && { status: statusesOf(filters) }),
    from: new Date(span.from).toISOString(),
    to: new Date(span.to).toISOString(),
    buckets: BUCKETS,
  };
  const { data } = api.useQuery(
    'get',
    '/api/tasks/histogram',
    { params: { query } },
    { placeholderData: keepPreviousData, refetchInterval: REFRESH_MS },
  );
  const zoom = ({ from, to }: TimeSpan) =>
    onChange({ range: undefined, from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  const isZoomed = filters.from !== undefined || filters.to !== undefined;
  const wider = widerSpan(span, now);
  return (
    <Paper p="xs" pb={6}>
      <Bars buckets={data?.buckets ?? []} span={span} onZoom={zoom} />
      <Group justify="space-between" gap="xs" mih={24}>
        <Text size="xs" c="dimmed">
          {time.format(span.from)}
        </Text>
        <Group gap="xs">
          <Text size="xs" c="dimmed" visibleFrom="xs">
            {data ? `${formatSpan(data.bucket_ms)} each` : ''}
            {(scannedFilters(filters) > 0 || filters.q) && ', without the other filters'}
            {data?.archive && ', without the archive'}
          </Text>
          {isZoomed && (
            <Button
              size="compact-xs"
              variant="subtle"
              leftSection={<IconZoomOut size={14} aria-hidden />}
              onClick={() => zoom(wider)}
            >
              Zoom out
            </Button>
          )}
        </Group>
        <Text size="xs" c="dimmed">
          {time.format(span.to)}
        </Text>
      </Group>
    </Paper>
  );
}

const totalOf = (bucket: Bucket): number => PARTS.reduce((sum, { field }) => sum + bucket[field], 0);

interface BarsProps {
  buckets: readonly Bucket[];
  span: TimeSpan;
  onZoom: (span: TimeSpan) => void;
}

function Bars({ buckets, span, onZoom }: BarsProps) {
  const box = useRef<HTMLDivElement>(null);
  const chosen = useDrag(box, ([left, right]) => {
    const width = span.to - span.from;
    // A click, which is no drag, chooses its bar.
    const from = Math.floor(left * BUCKETS) / BUCKETS;
    const to = Math.ceil(Math.max(right * BUCKETS, from * BUCKETS + 1)) / BUCKETS;
    onZoom({ from: Math.round(span.from + from * width), to: Math.round(span.from + to * width) });
  });
  const most = Math.max(1, ...buckets.map(totalOf));
  const all = buckets.reduce((sum, bucket) => sum + totalOf(bucket), 0);
  const failed = buckets.reduce((sum, bucket) => sum + bucket.failed, 0);
  return (
    <Box
      ref={box}
      className={classes.chart}
      role="img"
      aria-label={`${formatNumber(all)} runs, ${formatNumber(failed)} failed, over time. Drag to zoom.`}
    >
      {buckets.map((bucket) => (
        <div key={bucket.start} className={classes.bar} title={titleOf(bucket)}>
          {PARTS.map(({ field, color }) => (
            <div
              key={field}
              style={{ height: `${(100 * bucket[field]) / most}%`, background: color }}
              data-some={bucket[field] > 0 || undefined}
            />
          ))}
        </div>
      ))}
      {chosen && (
        <div
          className={classes.chosen}
          style={{ left: `${100 * chosen[0]}%`, width: `${100 * (chosen[1] - chosen[0])}%` }}
        />
      )}
    </Box>
  );
}

const titleOf = (bucket: Bucket): string =>
  [
    time.format(new Date(bucket.start)),
    ...PARTS.flatMap(({ field, label }) =>
      bucket[field] > 0 ? [`${formatNumber(bucket[field])} ${label}`] : [],
    ),
  ].join('\n');

type Part = readonly [left: number, right: number];

/** The part of an element that is being dragged over, as shares of its width; `onEnd` gets it in the end. */
function useDrag(box: React.RefObject<HTMLElement | null>, onEnd: (part: Part) => void): Part | undefined {
  const [part, setPart] = useState<Part>();
  const end = useRef(onEnd);
  end.current = onEnd;
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let start: number | undefined;
    const shareOf = ({ clientX }: PointerEvent) => {
      const { left, width } = element.getBoundingClientRect();
      return Math.min(1, Math.max(0, (clientX - left) / width));
    };
    const partOf = (event: PointerEvent): Part => {
      const at = shareOf(event);
      return [Math.min(start ?? at, at), Math.max(start ?? at, at)];
    };
    const down = (event: PointerEvent) => {
      if (event.button !== 0) return;
      start = shareOf(event);
      element.setPointerCapture(event.pointerId);
    };
    const move = (event: PointerEvent) => start !== undefined && setPart(partOf(event));
    const stop = (event: PointerEvent) => {
      if (start !== undefined && event.type === 'pointerup') end.current(partOf(event));
      start = undefined;
      setPart(undefined);
    };
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', stop);
    element.addEventListener('pointercancel', stop);
    return () => {
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', stop);
      element.removeEventListener('pointercancel', stop);
    };
  }, [box]);
  return part;
}
