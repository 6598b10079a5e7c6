import { type Static, Type } from '@sinclair/typebox';
import { TaskState, ToolCall } from './task.js';
import { TASK_TRIGGERS, TaskSummary } from './task-list.js';

const time = Type.String({ format: 'date-time' });
const text = (description: string) => Type.String({ description });

/** How far a tool call of a trace has come. */
export const callProgress = {
  started_at: Type.Union([time, Type.Null()], { description: 'null: the call was not made.' }),
  finished: Type.Boolean({
    description: 'false: it runs, or the attempt ended within it and its outcome is not known.',
  }),
};

export const TraceStep = Type.Object({
  at: time,
  attempt: Type.Integer(),
  model: Type.String({ description: 'Which `provider:model` took this turn.' }),
  latency_ms: Type.Number(),
  input_tokens: Type.Integer(),
  output_tokens: Type.Integer(),
  cost_usd: Type.Union([Type.Number(), Type.Null()]),
  text: text('What the model said.'),
  thought: text('Its reasoning, where the provider gives it.'),
  finish_reason: Type.String(),
  tool_calls: Type.Array(
    Type.Composite([
      ToolCall,
      Type.Object({ ...callProgress, truncated_characters: Type.Optional(Type.Integer()) }),
    ]),
  ),
});
export type TraceStep = Static<typeof TraceStep>;

export const TraceAttempt = Type.Object({
  attempt: Type.Integer(),
  at: time,
  code: Type.String(),
  message: Type.String(),
});

export const TraceNote = Type.Object({ attempt: Type.Integer(), at: time, text: Type.String() });

/** All that is known of a task, for who has an API key. */
export const TaskTrace = Type.Object(
  {
    ...TaskState.properties,
    agent_id: Type.String(),
    agent_version: Type.Integer(),
    trigger: Type.String({ enum: [...TASK_TRIGGERS], description: 'What made it.' }),
    idempotency_key: TaskSummary.properties.idempotency_key,
    payload: Type.Unknown(),
    headers: Type.Record(Type.String(), Type.String()),
    replay_of: Type.Union([Type.String(), Type.Null()], { description: 'The task that this one repeats.' }),
    replays: Type.Array(Type.String(), { description: 'The latest tasks that repeat this one.' }),
    prompt: Type.Union(
      [
        Type.Object({ system: text('As the model got it.'), user: text('As the model got it.') }),
        Type.Null(),
      ],
      { description: 'null until the model has taken its first turn.' },
    ),
    steps: Type.Array(TraceStep),
    notes: Type.Array(TraceNote, {
      description:
        'What people should know of the run and its model was not told, such as MCP tools that were held back.',
    }),
    failed_attempts: Type.Array(TraceAttempt, { description: 'Attempts that ended without a result.' }),
    log_truncated: Type.Optional(
      Type.Literal(true, { description: 'The log is longer than the 4 MiB of it that are shown.' }),
    ),
  },
  { $id: 'TaskTrace' },
);

export const ReplayBody = Type.Object(
  {
    version: Type.Optional(
      Type.String({
        enum: ['current', 'original'],
        default: 'current',
        description: "The agent's version to run: today's, or the one that the task was triggered with.",
      }),
    ),
  },
  { additionalProperties: false },
);
export interface ReplayBody {
  version?: 'current' | 'original';
}
