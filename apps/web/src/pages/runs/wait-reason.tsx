import { RelativeTime } from '../../components/times.js';
import type { Run } from './run-filters.js';

type Wait = Pick<NonNullable<Run['waiting_for']>, 'text'> & { until?: string; expires_at?: string };

/** Why a run waits, in the api's words, and how long that will still be. */
export function WaitReason({ wait }: { wait: Wait }) {
  const until = wait.until ?? wait.expires_at;
  return (
    <>
      {capitalized(wait.text)}
      {until !== undefined && (
        <>
          {' · '}
          <RelativeTime at={until} />
        </>
      )}
    </>
  );
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
