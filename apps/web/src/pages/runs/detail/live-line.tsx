import { IconLoader } from '@tabler/icons-react';
import { Elapsed } from '../../../components/elapsed.js';
import { RelativeTime } from '../../../components/relative-time.js';
import classes from './timeline.module.css';
import type { Trace } from './trace.js';

/** The last line while a run goes on: what it is waiting for. */
export function LiveLine({ trace }: { trace: Trace }) {
  return (
    <div className={classes.line} role="status">
      <IconLoader size={16} className={`${classes.icon} ${classes.live}`} aria-hidden />
      <span className={classes.label}>{waitsFor(trace)}</span>
      <span className={classes.note} aria-hidden>
        <Elapsed from={trace.created_at} to={null} />
      </span>
    </div>
  );
}

function waitsFor({ status, next_attempt_at, steps }: Trace) {
  if (next_attempt_at) {
    return (
      <>
        Next attempt <RelativeTime at={next_attempt_at} />
      </>
    );
  }
  if (status === 'PENDING') return 'Waiting for a worker';
  const open = steps.at(-1)?.tool_calls.filter((call) => call.started_at !== null && !call.finished) ?? [];
  if (open.length > 0) return `Waiting for ${open.map(({ name }) => name).join(', ')}`;
  return 'The model is at work';
}
