import { formatDuration, formatExact, formatRelative, NO_VALUE } from './format.js';
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

/** How long something took or, if it has not ended, has taken so far. */
export function Elapsed({ from, to }: { from: string | null; to: string | null }) {
  const ms = useNow((now) =>
    from === null
      ? null
      : (to === null ? Math.max(now, Date.parse(from)) : Date.parse(to)) - Date.parse(from),
  );
  return <span>{formatDuration(ms)}</span>;
}
