import classes from './sparkline.module.css';

interface Bar {
  /** The time it covers, as in "14:00". */
  label: string;
  succeeded: number;
  failed: number;
  rejected: number;
}

const HEIGHT = 40;
const GAP = 0.25;

/** One bar per hour: succeeded, failed and rejected, stacked. The text beside it says the same. */
export function Sparkline({ bars, label }: { bars: Bar[]; label: string }) {
  const highest = Math.max(
    1,
    ...bars.map(({ succeeded, failed, rejected }) => succeeded + failed + rejected),
  );
  return (
    <svg
      className={classes.chart}
      viewBox={`0 0 ${bars.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {bars.map((bar, x) => {
        const parts = [
          ['succeeded', bar.succeeded],
          ['failed', bar.failed],
          ['rejected', bar.rejected],
        ] as const;
        let y = HEIGHT;
        return (
          <g key={bar.label}>
            <title>
              {bar.label}: {parts.map(([name, count]) => `${count} ${name}`).join(', ')}
            </title>
            <rect x={x} y={HEIGHT - 1} width={1 - GAP} height={1} className={classes.base} />
            {parts.map(([name, count]) => {
              const height = (count / highest) * HEIGHT;
              y -= height;
              return (
                <rect key={name} x={x} y={y} width={1 - GAP} height={height} className={classes[name]} />
              );
            })}
          </g>
        );
      })}
    </svg>
  );
}
