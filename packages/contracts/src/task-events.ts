import { type Static, Type } from '@sinclair/typebox';
import { PublicState } from './public-result.js';
import { Time } from './shapes.js';
import { TaskState } from './task.js';
import { ChildOfCall, TraceAttempt, TraceStep } from './trace.js';
import { WithheldState } from './withheld.js';

const { result: _result, ...stateProperties } = TaskState.properties;
const { tool_calls: _calls, ...turnProperties } = TraceStep.properties;

const step = Type.Integer({ description: "The model's turn that the event belongs to, from 1." });
const call = Type.String({
  description: 'Identifies the call within its task. The matching `tool_result` has the same value.',
});
const moment = { at: Time(), attempt: Type.Integer() };

const TextData = Type.Object({ ...moment, step, text: Type.String({ description: 'What the model said.' }) });
const StepData = Type.Object({ step, ...turnProperties });
const ToolCallData = Type.Object({
  ...{ ...moment, step, call },
  name: Type.String(),
  arguments: Type.Unknown(),
  child: Type.Optional(ChildOfCall),
});
const ToolResultData = Type.Object({
  ...{ ...moment, step, call },
  result: Type.Unknown(),
  error: Type.Union([Type.String(), Type.Null()]),
  duration_ms: Type.Number(),
  truncated_characters: Type.Optional(
    Type.Integer({ description: 'The full length, if the result was cut.' }),
  ),
});

/** The events of a task's stream: each name with the shape of its `data`. */
export interface TaskEventData {
  status: Omit<TaskState, 'result'>;
  text: Static<typeof TextData>;
  step: Static<typeof StepData>;
  tool_call: Static<typeof ToolCallData>;
  tool_result: Static<typeof ToolResultData>;
  attempt_failed: Static<typeof TraceAttempt>;
  finished: TaskState;
}

/** One event of a stream, for each name in `Data`. */
type EventOf<Data> = { [Name in keyof Data]: { id: string; event: Name; data: Data[Name] } }[keyof Data];

/** One event of a task with its fields `id`, `event` and `data`. `data` is JSON on one line. */
export type TaskEvent = EventOf<TaskEventData>;

const event = (name: keyof TaskEventData, data: ReturnType<typeof Type.Unsafe>, description: string) =>
  Type.Object(
    {
      id: Type.String({
        description: 'Opaque. Send it back as Last-Event-ID to resume the stream after it.',
      }),
      event: Type.Literal(name),
      data,
    },
    { description },
  );

export const TaskEvent = Type.Union(
  [
    event('status', Type.Object(stateProperties), 'The state changed. The first event of every task.'),
    event('text', TextData, 'The model wrote text.'),
    event('step', StepData, 'A turn of the model finished. Only with an API key.'),
    event('tool_call', ToolCallData, 'A tool call began. Only with an API key.'),
    event('tool_result', ToolResultData, 'A tool call ended. Only with an API key.'),
    event('attempt_failed', TraceAttempt, 'An attempt ended without a result. Only with an API key.'),
    event('finished', Type.Ref('TaskState'), 'The task ended. The stream ends after this event.'),
  ],
  { $id: 'TaskEvent', description: 'One event of a task, with the fields that it has in the stream.' },
);

/** One event of a task for a caller without an API key. */
export type PublicEvent = EventOf<
  Pick<TaskEventData, 'text'> & { status: Omit<PublicState, 'result'>; finished: PublicState }
>;

const { result: _publicResult, ...publicStateProperties } = PublicState.properties;

export const PublicEvent = Type.Union(
  [
    event('status', Type.Object(publicStateProperties), 'The state changed. The first event of every task.'),
    event('text', TextData, 'The model wrote text. Only if `public_result` is `full`.'),
    event('finished', Type.Ref('PublicState'), 'The task ended. The stream ends after this event.'),
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
    event('status', Type.Object(withheldStateProperties), 'The state changed.'),
    event('step', WithheldStepData, 'A turn of the model finished.'),
    event('tool_call', WithheldCall, 'A tool call began.'),
    event('tool_result', WithheldResult, 'A tool call ended.'),
    event('attempt_failed', WithheldAttempt, 'An attempt ended without a result.'),
    event('finished', Type.Ref('WithheldState'), 'The task ended. The stream ends after this event.'),
  ],
  { $id: 'WithheldEvent', description: '`TaskEvent` for an API key that may not see payloads.' },
);
