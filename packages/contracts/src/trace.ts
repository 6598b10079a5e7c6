import { type Static, Type } from '@sinclair/typebox';
import { CallApproval } from './approval.js';
import { Attachment } from './attachment.js';
import { BurstEvent } from './burst.js';
import { ProviderAnswer } from './provider-answer.js';
import { STORES } from './retention.js';
import { StringEnum, Time } from './shapes.js';
import { TaskState, ToolCall, tokenParts } from './task.js';
import { TASK_TRIGGERS, TaskSummary } from './task-list.js';
import { Query } from './webhook.js';

const text = (description: string) => Type.String({ description });

/** The progress of a tool call in a trace. */
export const callProgress = {
  started_at: Type.Union([Time(), Type.Null()], { description: 'null: the call was not made.' }),
  finished: Type.Boolean({
    description: 'false: the call is running, or the attempt ended during it and its outcome is unknown.',
  }),
};

/** The task that a call of an agent is, in a trace. */
export const ChildOfCall = Type.Object(
  { task_id: Type.String(), agent_id: Type.String() },
  { description: 'Only with a call of a tool of the type `agent`: the task that it is.' },
);
export type ChildOfCall = Static<typeof ChildOfCall>;

export const TraceStep = Type.Object({
  at: Time(),
  attempt: Type.Integer({ description: '0: copied from the task that this one goes on from.' }),
  model: Type.String({ description: 'The `provider:model` that took this turn.' }),
  latency_ms: Type.Number(),
  input_tokens: Type.Integer(),
  output_tokens: Type.Integer(),
  ...tokenParts,
  cost_usd: Type.Union([Type.Number(), Type.Null()]),
  text: text('What the model said.'),
  thought: text("The model's reasoning, if the provider returns it."),
  finish_reason: Type.String(),
  tool_calls: Type.Array(
    Type.Composite([
      ToolCall,
      Type.Object({
        ...callProgress,
        approval: Type.Optional(CallApproval),
        child: Type.Optional(ChildOfCall),
        truncated_characters: Type.Optional(Type.Integer()),
      }),
    ]),
  ),
});
export type TraceStep = Static<typeof TraceStep>;

export const TraceAttempt = Type.Object({
  attempt: Type.Integer(),
  at: Time(),
  code: Type.String(),
  message: Type.String(),
  provider: Type.Optional(ProviderAnswer),
});

export type TraceAttempt = Static<typeof TraceAttempt>;

export const TraceNote = Type.Object({ attempt: Type.Integer(), at: Time(), text: Type.String() });

/** Everything known about a task, for callers with an API key. */
export const TaskTrace = Type.Object(
  {
    ...TaskState.properties,
    agent_id: Type.String(),
    agent_version: Type.Integer(),
    draft: TaskSummary.properties.draft,
    trigger: StringEnum(TASK_TRIGGERS, { description: 'What created the task.' }),
    via: TaskSummary.properties.via,
    sender: TaskSummary.properties.sender,
    schedule: TaskSummary.properties.schedule,
    parent: TaskSummary.properties.parent,
    relayed_from: TaskSummary.properties.relayed_from,
    idempotency_key: TaskSummary.properties.idempotency_key,
    filter_error: TaskSummary.properties.filter_error,
    conversation_error: TaskSummary.properties.conversation_error,
    burst_error: TaskSummary.properties.burst_error,
    payload: Type.Unknown(),
    store: Type.Optional(
      StringEnum(STORES, {
        description: 'What is kept of the task, if not all (`retention.store` of its agent when it came).',
      }),
    ),
    events: Type.Optional(
      Type.Array(BurstEvent, { description: 'All events of a burst, in order of arrival.' }),
    ),
    headers: Type.Record(Type.String(), Type.String()),
    attachments: Type.Array(Attachment, {
      description:
        'The files of the event, and those that the run has fetched. ' +
        '`GET /api/tasks/{id}/attachments/{index}` has their bytes.',
    }),
    query: Type.Unsafe<Query>({
      ...Query,
      description: 'The query string of a POST, parsed. Parameters that may be credentials are left out.',
    }),
    replay_of: Type.Union([Type.String(), Type.Null()], { description: 'The task that this one replays.' }),
    replays: Type.Array(Type.String(), { description: 'The latest replays of this task.' }),
    continued_from: TaskSummary.properties.continued_from,
    continued_by: Type.Array(Type.String(), { description: 'The latest tasks that continue this one.' }),
    replayed_from: TaskSummary.properties.replayed_from,
    from_step: TaskSummary.properties.from_step,
    prompt: Type.Union(
      [
        Type.Object({ system: text('As sent to the model.'), user: text('As sent to the model.') }),
        Type.Null(),
      ],
      { description: 'null until the model has taken its first turn.' },
    ),
    steps: Type.Array(TraceStep),
    notes: Type.Array(TraceNote, {
      description:
        'Notes for people that the model did not see, for example about MCP tools that were held back.',
    }),
    failed_attempts: Type.Array(TraceAttempt, { description: 'Attempts that ended without a result.' }),
    log_truncated: Type.Optional(
      Type.Literal(true, { description: 'Whether the journal is longer than the 4 MiB shown.' }),
    ),
    archived: TaskSummary.properties.archived,
  },
  { $id: 'TaskTrace' },
);
export type TaskTrace = Static<typeof TaskTrace>;

export const ReplayBody = Type.Object(
  {
    version: Type.Optional(
      StringEnum(['current', 'original'], {
        default: 'current',
        description:
          'Which version of the agent to run: the current one, or the one that the task was triggered ' +
          'with.',
      }),
    ),
    from_step: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          'The first step that is taken again. The steps before it, with their tool calls, are copied and not ' +
          'made again. Without it, everything is.',
      }),
    ),
  },
  { additionalProperties: false },
);
export interface ReplayBody {
  version?: 'current' | 'original';
  from_step?: number;
}
