import { formatDuration } from './format.js';
import { useNow } from './use-now.js';

/** How long something took or, if it has not ended, has taken so far. */
export function Elapsed({ from, to }: { from: string | null; to: string | null }) {
  const ms = useNow((now) =>
    from === null
      ? null
      : (to === null ? Math.max(now, Date.parse(from)) : Date.parse(to)) - Date.parse(from),
  );
  return <span>{formatDuration(ms)}</span>;
}
