import { type Static, Type } from '@sinclair/typebox';
import { FAILURE_CODES, FAILURES } from './failures.js';
import { OrNull, RefTo, StringEnum, Time, TimeOrNull } from './shapes.js';
import type { WaitingFor } from './waiting-for.js';

export const TASK_STATUSES = ['PENDING', 'STARTED', 'SUCCESS', 'FAILURE'] as const;
export type TaskStatusName = (typeof TASK_STATUSES)[number];

/** Parts of a turn's tokens. They are missing in what was stored before they were counted. */
export const tokenParts = {
  cached_input_tokens: Type.Optional(
    Type.Integer({ description: 'The part of the input that the provider read from its cache.' }),
  ),
  cache_write_tokens: Type.Optional(
    Type.Integer({ description: 'The part of the input that the provider wrote to its cache.' }),
  ),
  reasoning_tokens: Type.Optional(Type.Integer({ description: 'The part of the output that is reasoning.' })),
};

export const Usage = Type.Object({
  input_tokens: Type.Integer({ description: 'Of all turns, including cached tokens.' }),
  output_tokens: Type.Integer({ description: 'Of all turns, including reasoning.' }),
  total_tokens: Type.Integer(),
  ...tokenParts,
  cost_usd: Type.Union([Type.Number(), Type.Null()], {
    description: 'At list prices or those of PRICES_FILE. null if no price is known.',
  }),
  estimated: Type.Optional(
    Type.Literal(true, {
      description: 'The provider did not count some tokens. They are estimated from the length of the texts.',
    }),
  ),
});
export type Usage = Static<typeof Usage>;

export const ToolCall = Type.Object({
  name: Type.String(),
  arguments: Type.Unknown(),
  result: Type.Unknown(),
  error: Type.Union([Type.String(), Type.Null()]),
  duration_ms: Type.Number(),
});
export type ToolCall = Static<typeof ToolCall>;

const removed = Type.Optional(
  Type.Literal(true, {
    description: 'The agent keeps no texts (`retention.store`). They were removed after the end of the task.',
  }),
);

/** `result` of a task that ended SUCCESS. */
export const TaskSuccess = Type.Object(
  {
    answer: Type.String(),
    truncated: Type.Optional(
      Type.Literal(true, { description: 'The model was cut off: the answer is only its beginning.' }),
    ),
    output: Type.Optional(
      Type.Unknown({ description: "Matches the agent's `output_schema`, if it has one." }),
    ),
    tool_calls: Type.Array(ToolCall),
    sources: Type.Array(Type.Object({ title: Type.Union([Type.String(), Type.Null()]), url: Type.String() })),
    thought: Type.String({ description: "The model's reasoning, if the model returns it." }),
    usage: Usage,
    model: Type.String(),
    steps: Type.Integer({ description: 'How many turns the model took.' }),
    removed,
  },
  { $id: 'TaskSuccess' },
);
export type TaskSuccess = Static<typeof TaskSuccess>;

export const TaskError = Type.Object({
  code: StringEnum(FAILURE_CODES, {
    description: FAILURE_CODES.map((code) => `- \`${code}\`: ${FAILURES[code].cause}`).join('\n'),
  }),
  message: Type.String({ description: 'For people. Never contains a secret, a path or a stack trace.' }),
});
export type TaskError = Static<typeof TaskError>;

/** `result` of a task that ended FAILURE. */
export const TaskFailure = Type.Object(
  {
    error: TaskError,
    answer: Type.Optional(Type.String({ description: 'What the model had said before the failure.' })),
    tool_calls: Type.Array(ToolCall),
    usage: Usage,
    removed,
  },
  { $id: 'TaskFailure' },
);
export type TaskFailure = Static<typeof TaskFailure>;

export const TaskState = Type.Object(
  {
    task_id: Type.String(),
    status: StringEnum(TASK_STATUSES, { description: 'Never moves backwards.' }),
    result: Type.Union([RefTo<TaskSuccess>('TaskSuccess'), RefTo<TaskFailure>('TaskFailure'), Type.Null()]),
    created_at: Time(),
    started_at: TimeOrNull('When the first attempt started.'),
    finished_at: TimeOrNull('When the task ended.'),
    attempt: Type.Integer({ description: 'The current or last attempt. 0 before the first.' }),
    max_attempts: Type.Integer(),
    next_attempt_at: TimeOrNull('When the next attempt is due, while the task waits for it.'),
    conversation_id: OrNull(
      Type.String(),
      'The conversation that the task belongs to. null for a task that runs alone.',
    ),
    last_error: Type.Union([TaskError, Type.Null()], {
      description: 'Why the last attempt failed, while the task may still succeed.',
    }),
    waiting_for: OrNull(
      RefTo<WaitingFor>('WaitingFor'),
      'Why the task does not run. null while it runs, and after its end.',
    ),
  },
  { $id: 'TaskState' },
);
export type TaskState = Static<typeof TaskState>;
