import type {
  PublicEvent,
  PublicState,
  PublicView,
  ReducedResult,
  TaskEvent,
  TaskState,
  WaitingFor,
} from '@agenthook/contracts';
import { docsgptResult } from './docsgpt-result.js';

/** The part of a view that is stored with an agent or a task: what differs from the default. */
export const storedView = ({ public_result = 'full', result_shape = 'flat' }: PublicView): PublicView => ({
  ...(public_result !== 'full' && { public_result }),
  ...(result_shape !== 'flat' && { result_shape }),
});

/** A task's state for a caller without an API key, as the agent's `public_result` and `result_shape` say. */
export function stateAsPublic(state: TaskState, view: PublicView): PublicState {
  const reduced = reducedState(state, view);
  return view.result_shape === 'docsgpt' ? { ...reduced, result: docsgptResult(reduced.result) } : reduced;
}

/** A state whose result is flat, whatever the agent's `result_shape`. */
export type ReducedState = Omit<PublicState, 'result'> & { result: TaskState['result'] | ReducedResult };

/**
 * A task's state as the agent's `public_result` allows. It lists the fields that are shown, so that a new
 * field is not exposed by accident.
 */
export function reducedState(state: TaskState, { public_result: shows = 'full' }: PublicView): ReducedState {
  if (shows === 'full') return { ...state, waiting_for: state.waiting_for && withoutName(state.waiting_for) };
  return {
    task_id: state.task_id,
    status: state.status,
    result: shows === 'answer' ? answerOf(state.result) : null,
    created_at: state.created_at,
    started_at: state.started_at,
    finished_at: state.finished_at,
    attempt: state.attempt,
    max_attempts: state.max_attempts,
    next_attempt_at: state.next_attempt_at,
    conversation_id: state.conversation_id,
    last_error: shows === 'answer' ? state.last_error : null,
    waiting_for: state.waiting_for && reducedWait(state.waiting_for),
  };
}

/** A wait that names nobody: who paused something is for callers with an API key. */
function withoutName(wait: WaitingFor): WaitingFor {
  if (wait.kind !== 'paused' || !wait.by) return wait;
  const { by, ...rest } = wait;
  return { ...rest, text: wait.text.replace(` by ${by}`, '') };
}

/** Times are visible, and what kind of wait it is. */
const reducedWait = (wait: WaitingFor): { kind: string; expires_at?: string } => ({
  kind: wait.kind,
  ...('expires_at' in wait && { expires_at: wait.expires_at }),
});

function answerOf(result: TaskState['result']): ReducedResult | null {
  if (result === null) return null;
  const answer = result.answer === undefined ? {} : { answer: result.answer };
  if ('error' in result) return { error: result.error, ...answer };
  return { answer: result.answer, ...('output' in result ? { output: result.output } : {}) };
}

/**
 * An event for a caller without an API key; empty if the event is hidden. Text from before the answer does
 * not count as the answer.
 */
export function eventAsPublic(event: TaskEvent, view: PublicView): PublicEvent[] {
  switch (event.event) {
    case 'status': {
      const { result: _result, ...data } = stateAsPublic({ ...event.data, result: null }, view);
      return [{ ...event, data }];
    }
    case 'text':
      return (view.public_result ?? 'full') === 'full' ? [event] : [];
    case 'finished':
      return [{ ...event, data: stateAsPublic(event.data, view) }];
    default:
      return [];
  }
}
