import { type Static, Type } from '@sinclair/typebox';
import type { PublicState } from './public-result.js';
import { TaskState } from './task.js';
import { TraceAttempt, TraceStep } from './trace.js';
import { WithheldState } from './withheld.js';

const { result: _result, ...stateProperties } = TaskState.properties;
const { tool_calls: _calls, ...turnProperties } = TraceStep.properties;

const step = Type.Integer({ description: 'The turn of the model that it belongs to, from 1.' });
const call = Type.String({ description: 'Names the call within its task; `tool_result` has the same.' });
const moment = { at: Type.String({ format: 'date-time' }), attempt: Type.Integer() };

const TextData = Type.Object({ ...moment, step, text: Type.String({ description: 'What the model said.' }) });
const StepData = Type.Object({ step, ...turnProperties });
const ToolCallData = Type.Object({ ...moment, step, call, name: Type.String(), arguments: Type.Unknown() });
const ToolResultData = Type.Object({
  ...{ ...moment, step, call },
  result: Type.Unknown(),
  error: Type.Union([Type.String(), Type.Null()]),
  duration_ms: Type.Number(),
  truncated_characters: Type.Optional(Type.Integer({ description: 'Of a long result: its whole length.' })),
});

/** What a task's event stream tells, by the event's name: the shape of its `data`. */
export interface TaskEventData {
  status: Omit<TaskState, 'result'>;
  text: Static<typeof TextData>;
  step: Static<typeof StepData>;
  tool_call: Static<typeof ToolCallData>;
  tool_result: Static<typeof ToolResultData>;
  attempt_failed: Static<typeof TraceAttempt>;
  finished: TaskState;
}

/** One event of a stream, as its three fields have it, of those whose `data` is told by their name. */
type EventOf<Data> = { [Name in keyof Data]: { id: string; event: Name; data: Data[Name] } }[keyof Data];

/** One event of a task, as its three fields `id`, `event` and `data` have it; `data` is JSON in one line. */
export type TaskEvent = EventOf<TaskEventData>;

const event = (name: keyof TaskEventData, data: ReturnType<typeof Type.Unsafe>, description: string) =>
  Type.Object(
    {
      id: Type.String({ description: 'Opaque. Sent back as Last-Event-ID, the stream goes on after it.' }),
      event: Type.Literal(name),
      data,
    },
    { description },
  );

export const TaskEvent = Type.Union(
  [
    event('status', Type.Object(stateProperties), 'The state has changed; the first event of a task.'),
    event('text', TextData, 'The model has said something.'),
    event('step', StepData, 'A turn of the model is finished. With an API key only.'),
    event('tool_call', ToolCallData, 'A tool call begins. With an API key only.'),
    event('tool_result', ToolResultData, 'A tool call has ended. With an API key only.'),
    event('attempt_failed', TraceAttempt, 'An attempt ended without a result. With an API key only.'),
    event('finished', Type.Ref('TaskState'), 'The task has ended. The last event; the stream ends after it.'),
  ],
  { $id: 'TaskEvent', description: 'One event of a task, as its fields in the stream have it.' },
);

/** One event of a task for a caller without an API key. */
export type PublicEvent = EventOf<Pick<TaskEventData, 'status' | 'text'> & { finished: PublicState }>;

export const PublicEvent = Type.Union(
  [
    event('status', Type.Object(stateProperties), 'The state has changed; the first event of a task.'),
    event('text', TextData, 'The model has said something. Only where `public_result` is `full`.'),
    event('finished', Type.Ref('PublicState'), 'The task has ended. The stream ends after it.'),
  ],
  { $id: 'PublicEvent', description: '`TaskEvent` without an API key.' },
);

const { result: _withheldResult, ...withheldStateProperties } = WithheldState.properties;

const WithheldCall = Type.Omit(ToolCallData, ['arguments']);
const WithheldResult = Type.Object({
  ...{ ...moment, step, call },
  failed: Type.Boolean(),
  duration_ms: Type.Number(),
});
const WithheldStepData = Type.Omit(StepData, ['text', 'thought']);
const WithheldAttempt = Type.Omit(TraceAttempt, ['message']);

interface WithheldEventData {
  status: Omit<WithheldState, 'result'>;
  step: Static<typeof WithheldStepData>;
  tool_call: Static<typeof WithheldCall>;
  tool_result: Static<typeof WithheldResult>;
  attempt_failed: Static<typeof WithheldAttempt>;
  finished: WithheldState;
}
export type WithheldEvent = EventOf<WithheldEventData>;

export const WithheldEvent = Type.Union(
  [
    event('status', Type.Object(withheldStateProperties), 'The state has changed.'),
    event('step', WithheldStepData, 'A turn of the model is finished.'),
    event('tool_call', WithheldCall, 'A tool call begins.'),
    event('tool_result', WithheldResult, 'A tool call has ended.'),
    event('attempt_failed', WithheldAttempt, 'An attempt ended without a result.'),
    event('finished', Type.Ref('WithheldState'), 'The task has ended. The stream ends after it.'),
  ],
  { $id: 'WithheldEvent', description: '`TaskEvent` for an API key that may not see payloads.' },
);
