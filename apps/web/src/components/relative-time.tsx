import { formatExact, formatRelative, NO_VALUE } from './format.js';
import { useNow } from './use-now.js';

/** A time as in "3 min ago". On hover, it shows the exact time in the viewer's zone and in UTC. */
export function RelativeTime({ at }: { at: string | null | undefined }) {
  const time = at ? new Date(at) : undefined;
  const text = useNow((now) => (time === undefined ? NO_VALUE : formatRelative(time, now)));
  if (time === undefined) return <span>{text}</span>;
  return (
    <time dateTime={time.toISOString()} title={formatExact(time)}>
      {text}
    </time>
  );
}
