import type { Schema } from '../../../../api/client.js';

type TaskEvent = Schema<'TaskEvent'> | Schema<'WithheldEvent'>;
type DataOf<Name extends TaskEvent['event']> = Extract<TaskEvent, { event: Name }>['data'];

interface LiveCall {
  call: string;
  name: string;
  step: number;
  /** Undefined while it runs. */
  ended: { duration_ms: number; failed: boolean } | undefined;
}

/** What the events of a task have reported so far. */
export interface LiveTask {
  state: DataOf<'status'> | undefined;
  steps: { step: number; latency_ms: number }[];
  calls: LiveCall[];
  /** Why attempts failed, oldest first. */
  failedAttempts: DataOf<'attempt_failed'>[];
  finished: DataOf<'finished'> | undefined;
}

export const NOTHING_YET: LiveTask = {
  state: undefined,
  steps: [],
  calls: [],
  failedAttempts: [],
  finished: undefined,
};

/** The names of the events that `withEvent` uses. */
export const FOLLOWED = ['status', 'step', 'tool_call', 'tool_result', 'attempt_failed', 'finished'] as const;

/** Adds one event to the state of a task. */
export function withEvent(task: LiveTask, { event, data }: Pick<TaskEvent, 'event' | 'data'>): LiveTask {
  switch (event) {
    case 'status':
      return { ...task, state: data as DataOf<'status'> };
    case 'step': {
      const { step, latency_ms } = data as DataOf<'step'>;
      return { ...task, steps: [...task.steps, { step, latency_ms }] };
    }
    case 'tool_call': {
      const { call, name, step } = data as DataOf<'tool_call'>;
      return { ...task, calls: [...task.calls, { call, name, step, ended: undefined }] };
    }
    case 'tool_result': {
      const result = data as DataOf<'tool_result'>;
      const failed = 'failed' in result ? result.failed : result.error !== null;
      const ended = { duration_ms: result.duration_ms, failed };
      return {
        ...task,
        calls: task.calls.map((each) => (each.call === result.call ? { ...each, ended } : each)),
      };
    }
    case 'attempt_failed':
      return { ...task, failedAttempts: [...task.failedAttempts, data as DataOf<'attempt_failed'>] };
    case 'finished': {
      const finished = data as DataOf<'finished'>;
      return { ...task, state: finished, finished };
    }
    default:
      return task;
  }
}
