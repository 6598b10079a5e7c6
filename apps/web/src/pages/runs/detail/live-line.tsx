import { IconFlag, IconLoader } from '@tabler/icons-react';
import { Elapsed } from '../../../components/times.js';
import { WaitReason } from '../wait-reason.js';
import { waitsSince } from './time-spans.js';
import classes from './timeline.module.css';
import type { Trace } from './trace.js';

/** What a run waits for and since when or, after its end, how long it took. */
export function LiveLine({ trace }: { trace: Trace }) {
  const from =
    trace.finished_at === null ? new Date(waitsSince(trace, Date.now())).toISOString() : trace.created_at;
  const Icon = trace.finished_at === null ? IconLoader : IconFlag;
  return (
    <div className={classes.line} role="status">
      <Icon
        size={16}
        className={trace.finished_at === null ? `${classes.icon} ${classes.live}` : classes.icon}
        aria-hidden
      />
      <span className={classes.label}>{waitsFor(trace)}</span>
      <span className={classes.note} aria-hidden>
        <Elapsed from={from} to={trace.finished_at} />
      </span>
    </div>
  );
}

function waitsFor({ status, finished_at, waiting_for, steps }: Trace) {
  if (finished_at !== null) return 'Ended';
  if (waiting_for) return <WaitReason wait={waiting_for} />;
  if (status === 'PENDING') return 'Starting';
  const open = steps.at(-1)?.tool_calls.filter((call) => call.started_at !== null && !call.finished) ?? [];
  if (open.length > 0) return `Waiting for ${open.map(({ name }) => name).join(', ')}`;
  return 'The model is working';
}
