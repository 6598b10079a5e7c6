import type {
  PublicEvent,
  PublicResult,
  PublicState,
  PublicTaskResult,
  TaskEvent,
  TaskState,
} from '@agenthook/contracts';

/**
 * A task's state for a caller without an API key, as the agent's `public_result` allows. It lists the fields
 * that are shown, so that a new field is not exposed by accident.
 */
export function stateAsPublic(state: TaskState, shows: PublicResult): PublicState {
  if (shows === 'full') return state;
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
    last_error: shows === 'answer' ? state.last_error : null,
  };
}

function answerOf(result: TaskState['result']): PublicTaskResult {
  if (result === null) return null;
  const answer = result.answer === undefined ? {} : { answer: result.answer };
  if ('error' in result) return { error: result.error, ...answer };
  return { answer: result.answer, ...('output' in result ? { output: result.output } : {}) };
}

/**
 * An event for a caller without an API key; empty if the event is hidden. Text from before the answer does
 * not count as the answer.
 */
export function eventAsPublic(event: TaskEvent, shows: PublicResult): PublicEvent[] {
  switch (event.event) {
    case 'status': {
      const { result: _result, ...data } = stateAsPublic({ ...event.data, result: null }, shows);
      return [{ ...event, data }];
    }
    case 'text':
      return shows === 'full' ? [event] : [];
    case 'finished':
      return [{ ...event, data: stateAsPublic(event.data, shows) }];
    default:
      return [];
  }
}
