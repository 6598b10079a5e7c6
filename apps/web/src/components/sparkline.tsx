import { useId } from 'react';

const WIDTH = 96;
const HEIGHT = 24;
const GAP = 1;
/** Minimum height of a bar with a value above zero, in pixels. */
const LEAST = 2;

interface SparklineProps {
  /** Oldest first. A bar's height is its share of the largest. */
  points: { total: number; failed: number }[];
  /** The content of the bars, in words. */
  label: string;
}

/** Small bars over time, with failures in their own colour at the bottom. */
export function Sparkline({ points, label }: SparklineProps) {
  const titleId = useId();
  const most = Math.max(1, ...points.map(({ total, failed }) => Math.max(total, failed)));
  const step = WIDTH / Math.max(1, points.length);
  const heightOf = (count: number) => (count === 0 ? 0 : Math.max(LEAST, (count / most) * (HEIGHT - 1)));
  const bar = (index: number, count: number, fill: string) => (
    <rect
      x={index * step}
      width={Math.max(1, step - GAP)}
      y={HEIGHT - heightOf(count)}
      height={heightOf(count)}
      fill={fill}
    />
  );
  return (
    <svg width={WIDTH} height={HEIGHT} role="img" aria-labelledby={titleId}>
      <title id={titleId}>{label}</title>
      <rect y={HEIGHT - 1} width={WIDTH} height={1} fill="var(--mantine-color-default-border)" />
      {points.map(({ total, failed }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place in time
        <g key={index}>
          {bar(index, total, 'var(--mantine-primary-color-filled)')}
          {bar(index, failed, 'var(--mantine-color-red-filled)')}
        </g>
      ))}
    </svg>
  );
}
