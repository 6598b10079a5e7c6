import { type Static, Type } from '@sinclair/typebox';
import { TASK_STATUSES, type TaskStatusName } from './task.js';
import { Cursor } from './text.js';

/** What made a task. */
export const TASK_TRIGGERS = ['webhook', 'test', 'replay', 'rejection'] as const;
export type TaskTrigger = (typeof TASK_TRIGGERS)[number];

const orNull = <T extends ReturnType<typeof Type.String | typeof Type.Integer | typeof Type.Number>>(
  shape: T,
  description: string,
) => Type.Union([shape, Type.Null()], { description });
const time = Type.String({ format: 'date-time' });

/** A task in few words, as lists show it. */
export const TaskSummary = Type.Object(
  {
    task_id: Type.String(),
    agent_id: Type.String(),
    agent_version: Type.Integer(),
    status: Type.String({ enum: [...TASK_STATUSES] }),
    trigger: Type.String({
      enum: [...TASK_TRIGGERS],
      description: '`rejection`: a refused post that was accepted later.',
    }),
    idempotency_key: orNull(Type.String(), 'The key that it came with, or the delivery id of its sender.'),
    replay_of: orNull(Type.String(), 'The task that this one repeats.'),
    created_at: time,
    started_at: orNull(time, 'When the first attempt started.'),
    finished_at: orNull(time, 'When the task ended.'),
    attempt: Type.Integer(),
    max_attempts: Type.Integer(),
    duration_ms: orNull(Type.Number(), 'From the first start to the end.'),
    error_code: orNull(Type.String(), 'Of a task that ended FAILURE.'),
    model: orNull(Type.String(), 'Which `provider:model` gave the answer.'),
    steps: orNull(Type.Integer(), 'How many turns the model took.'),
    total_tokens: orNull(Type.Integer(), 'In and out.'),
    cost_usd: orNull(Type.Number(), 'null where no price is known.'),
    redacted: Type.Optional(
      Type.Literal(true, { description: 'Content was withheld: the key may not see payloads.' }),
    ),
  },
  { $id: 'TaskSummary' },
);
export type TaskSummary = Omit<Static<typeof TaskSummary>, 'status' | 'trigger'> & {
  status: TaskStatusName;
  trigger: TaskTrigger;
};

export const TaskListQuery = Type.Object({
  agent_id: Type.Optional(Type.String({ description: 'Of this agent alone.' })),
  status: Type.Optional(
    Type.Array(Type.String({ enum: [...TASK_STATUSES] }), {
      maxItems: 4,
      description: 'Of these states alone; repeat the parameter for more than one.',
    }),
  ),
  from: Type.Optional(Type.String({ format: 'date-time', description: 'Made at this time or later.' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Made before this time.' })),
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'The beginning of a task id, of 4 characters at least, or a whole idempotency key.',
    }),
  ),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
  cursor: Type.Optional(Cursor()),
});

export const TaskList = Type.Object(
  {
    tasks: Type.Array(Type.Ref('TaskSummary')),
    next_cursor: orNull(
      Type.String(),
      'Pass it as `cursor` to get the next page; null on the last page. A page may be shorter than its limit and still have a next one.',
    ),
  },
  { $id: 'TaskList' },
);

export const EraseQuery = Type.Object({
  agent_id: Type.Optional(
    Type.String({ description: 'Of this agent alone; it may have been deleted. With its refused requests.' }),
  ),
  before: Type.Optional(
    Type.String({ format: 'date-time', description: 'Made before this time; left out: up to now.' }),
  ),
  cancel: Type.Boolean({
    default: false,
    description: 'Whether tasks that have not ended are cancelled, and then erased as well.',
  }),
});

/** How far an erasing has come. */
export const EraseProgress = Type.Object(
  {
    erased: Type.Integer({ description: 'Tasks that this request has erased.' }),
    remaining: Type.Integer({
      description: 'Tasks that have ended and are still there: repeat the request.',
    }),
    unfinished: Type.Integer({
      description: 'Tasks that have not ended, which stay unless they are cancelled.',
    }),
  },
  { $id: 'EraseProgress' },
);
export type EraseProgress = Static<typeof EraseProgress>;
