import type { Schema } from '../../../api/client.js';
import type { FailedAttempt, Step, ToolCall, Trace } from './trace.js';

type TaskEvent = Schema<'TaskEvent'> | Schema<'WithheldEvent'>;
type DataOf<Name extends TaskEvent['event']> = Extract<TaskEvent, { event: Name }>['data'];

/** What the events of a run have reported since its start. */
export interface LiveTrace {
  state: DataOf<'status'> | DataOf<'finished'> | undefined;
  /** Each step with the calls that were started, by their event names. */
  steps: readonly { turn: DataOf<'step'>; calls: ReadonlyMap<string, ToolCall> }[];
  failedAttempts: readonly FailedAttempt[];
}

export const NOTHING_TOLD: LiveTrace = { state: undefined, steps: [], failedAttempts: [] };

/** The events that `told` uses. The model's text also comes with its step. */
export const TELLING = ['status', 'step', 'tool_call', 'tool_result', 'attempt_failed', 'finished'] as const;

/** Adds one event to the live state. */
export function told(live: LiveTrace, { event, data }: Pick<TaskEvent, 'event' | 'data'>): LiveTrace {
  switch (event) {
    case 'status':
    case 'finished':
      return { ...live, state: data as DataOf<'status'> | DataOf<'finished'> };
    case 'step': {
      const turn = data as DataOf<'step'>;
      return { ...live, steps: [...live.steps.slice(0, turn.step - 1), { turn, calls: new Map() }] };
    }
    case 'tool_call': {
      const { step, call } = data as DataOf<'tool_call'>;
      return withCall(live, step, call, begun(data as DataOf<'tool_call'>));
    }
    case 'tool_result': {
      const { step, call } = data as DataOf<'tool_result'>;
      const before = live.steps[step - 1]?.calls.get(call);
      return before ? withCall(live, step, call, ended(before, data as DataOf<'tool_result'>)) : live;
    }
    case 'attempt_failed':
      return { ...live, failedAttempts: [...live.failedAttempts, data as FailedAttempt] };
    default:
      return live;
  }
}

const withCall = (live: LiveTrace, step: number, name: string, call: ToolCall): LiveTrace => ({
  ...live,
  steps: live.steps.map((each, index) =>
    index === step - 1 ? { ...each, calls: new Map([...each.calls, [name, call]]) } : each,
  ),
});

function begun(data: DataOf<'tool_call'>): ToolCall {
  const { name, child } = data;
  const progress = { name, duration_ms: 0, started_at: data.at, finished: false, ...(child && { child }) };
  return (
    'arguments' in data
      ? { ...progress, arguments: data.arguments, result: null, error: null }
      : { ...progress, failed: false }
  ) as ToolCall;
}

const ended = (call: ToolCall, data: DataOf<'tool_result'>): ToolCall => {
  const { at: _at, attempt: _attempt, step: _step, call: _call, ...outcome } = data;
  return { ...call, ...outcome, finished: true } as ToolCall;
};

/** Updates a trace with the events since it was read. Finished items stay as read. */
export function upToDate(trace: Trace, { state, steps, failedAttempts }: LiveTrace): Trace {
  if (trace.finished_at !== null || state === undefined) return trace;
  // Events start from the beginning. Until they reach the point where the trace was read, they describe the
  // past.
  const isBehind = steps.length < trace.steps.length || state.status === 'PENDING';
  if (isBehind) return trace;
  return {
    ...trace,
    ...state,
    steps: steps.map(({ turn: { step: number, ...turn }, calls }) => ({
      ...turn,
      // Calls that have not started are only in the trace.
      tool_calls: [...calls.values(), ...(trace.steps[number - 1]?.tool_calls ?? []).slice(calls.size)],
    })) as Step[],
    failed_attempts:
      failedAttempts.length < trace.failed_attempts.length ? trace.failed_attempts : failedAttempts,
  } as Trace;
}
