import { Skeleton, Text } from '@mantine/core';
import { formatNumber, formatShare, NO_VALUE } from '../../../components/format.js';
import { Sparkline } from '../../../components/sparkline.js';
import { RelativeTime } from '../../../components/times.js';
import type { Activity } from './agent-rows.js';

interface Known {
  /** Undefined while it is unknown or not available. */
  activity: Activity | undefined;
  isLoading: boolean;
}

/** The number of runs, hour by hour. */
export function RunsByHour({ activity, isLoading }: Known) {
  if (!activity) return <Unknown isLoading={isLoading} width={96} height={24} />;
  const { runs, failed, byHour } = activity;
  return (
    <Sparkline
      points={byHour}
      label={`Runs in the last 24 hours, by hour: ${formatNumber(runs)} in all, ${formatNumber(failed)} failed.`}
    />
  );
}

export function RunCount({ activity, isLoading }: Known) {
  if (!activity) return <Unknown isLoading={isLoading} width={32} />;
  return <>{formatNumber(activity.runs)}</>;
}

/** The failure rate of the last 24 hours. */
export function FailureRate({ activity, isLoading }: Known) {
  if (!activity) return <Unknown isLoading={isLoading} width={40} />;
  const { failed, succeeded } = activity;
  return (
    <Text
      span
      inherit
      fw={failed > 0 ? 600 : undefined}
      c={failed > 0 ? 'var(--mantine-color-error)' : undefined}
    >
      {formatShare(failed, failed + succeeded)}
    </Text>
  );
}

export function LastRun({ activity, isLoading }: Known) {
  if (!activity) return <Unknown isLoading={isLoading} width={72} />;
  if (activity.lastRunAt === null) return <>none yet</>;
  return <RelativeTime at={activity.lastRunAt} />;
}

function Unknown({ isLoading, width, height = 16 }: { isLoading: boolean; width: number; height?: number }) {
  return isLoading ? <Skeleton w={width} h={height} display="inline-block" /> : NO_VALUE;
}
