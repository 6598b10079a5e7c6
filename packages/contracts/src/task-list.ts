import { type Static, Type } from '@sinclair/typebox';
import { ID_PATTERNS } from './ids.js';
import { OrNull, RefTo, StringEnum, Time, TimeOrNull } from './shapes.js';
import { TASK_STATUSES } from './task.js';
import type { WithheldWaitingFor } from './waiting-for.js';
import { MAX_IDEMPOTENCY_KEY } from './webhook.js';

/** What created a task. */
export const TASK_TRIGGERS = [
  'webhook',
  'test',
  'replay',
  'rejection',
  'schedule',
  'continue',
  'agent',
  'destination',
] as const;
export type TaskTrigger = (typeof TASK_TRIGGERS)[number];

/** A short description of a task, as lists show it. */
export const TaskSummary = Type.Object(
  {
    task_id: Type.String(),
    agent_id: Type.String(),
    agent_version: Type.Integer(),
    draft: Type.Optional(
      Type.Literal(true, {
        description: 'The task tests a draft: a change of `agent_version` that was not saved.',
      }),
    ),
    status: StringEnum(TASK_STATUSES),
    trigger: StringEnum(TASK_TRIGGERS, {
      description:
        '`rejection`: a rejected request that was accepted later. `schedule`: the agent ran by itself. ' +
        '`continue`: it goes on after the end of another task. `agent`: a task of another agent has called this ' +
        'one as a tool. `destination`: made from the end of a task of another agent.',
    }),
    via: StringEnum(TASK_TRIGGERS, { description: 'The same as `trigger`.' }),
    sender: OrNull(
      Type.String(),
      "The `scheme` of the agent's signature when the event came. null if it had none, and for events that " +
        'no sender has sent.',
    ),
    schedule: Type.Optional(
      Type.Object(
        { id: Type.String(), due_at: Time() },
        { description: 'The schedule that made the task, and when it was due.' },
      ),
    ),
    idempotency_key: OrNull(
      Type.String(),
      "The Idempotency-Key of the request, or the sender's delivery id.",
    ),
    replay_of: OrNull(Type.String(), 'The task that this one replays.'),
    continued_from: Type.Optional(Type.String({ description: 'The task that this one continues.' })),
    replayed_from: Type.Optional(
      Type.String({
        description: 'The task that this one replays from a step on; `from_step` is that step.',
      }),
    ),
    from_step: Type.Optional(Type.Integer({ description: 'The first step that is taken again.' })),
    parent: Type.Optional(
      Type.Object(
        {
          task_id: Type.String(),
          agent_id: Type.String(),
          call_id: Type.String({ description: 'Identifies the call within that task.' }),
        },
        { description: 'The task that has called this one, for a task of a tool of the type `agent`.' },
      ),
    ),
    relayed_from: Type.Optional(
      Type.Object(
        { task_id: Type.String(), agent_id: Type.String() },
        { description: 'The task whose end made this one, for a task of a destination.' },
      ),
    ),
    filter_error: Type.Optional(
      Type.String({
        description:
          "Why the agent's filter had no value for this event. The event ran anyway. Empty if the key may not " +
          'see payloads.',
      }),
    ),
    conversation_id: OrNull(Type.String(), 'The conversation that the task belongs to.'),
    conversation_error: Type.Optional(
      Type.String({
        description:
          "Why the key of the agent's `conversation` could not be rendered for this event. The event ran alone. " +
          'Empty if the key may not see payloads.',
      }),
    ),
    burst_error: Type.Optional(
      Type.String({
        description:
          "Why the key of the agent's `burst` could not be rendered for this event. The event ran alone. Empty if " +
          'the key may not see payloads.',
      }),
    ),
    created_at: Time(),
    started_at: TimeOrNull('When the first attempt started.'),
    finished_at: TimeOrNull('When the task ended.'),
    attempt: Type.Integer(),
    max_attempts: Type.Integer(),
    waiting_for: OrNull(
      RefTo<WithheldWaitingFor>('WithheldWaitingFor'),
      'Why the task does not run. null while it runs, and after its end.',
    ),
    duration_ms: OrNull(Type.Number(), 'From the start of the first attempt to the end of the task.'),
    error_code: OrNull(Type.String(), 'The failure code of a task that ended FAILURE.'),
    model: OrNull(
      Type.String(),
      'The `provider:model` that gave the answer; of a failed task, the first one of its version.',
    ),
    steps: OrNull(Type.Integer(), 'How many turns the model took.'),
    total_tokens: OrNull(Type.Integer(), 'Input and output tokens.'),
    cost_usd: OrNull(Type.Number(), 'null if no price is known.'),
    title: Type.Optional(OrNull(Type.String(), "What the agent's `title_path` names in the event.")),
    payload_snippet: Type.Optional(OrNull(Type.String(), 'The beginning of the payload.')),
    answer_snippet: Type.Optional(
      OrNull(Type.String(), 'The beginning of the answer, or of the error of a task that failed.'),
    ),
    redacted: Type.Optional(
      Type.Literal(true, { description: 'Content was withheld: the key may not see payloads.' }),
    ),
    archived: Type.Optional(
      Type.Literal(true, { description: 'Present if the task has moved from Redis into the archive.' }),
    ),
  },
  { $id: 'TaskSummary' },
);
export type TaskSummary = Static<typeof TaskSummary>;

/** What a list shows of a task's texts, if it is asked to. */
export const TASK_TEXTS = ['title', 'payload', 'answer'] as const;
export type TaskText = (typeof TASK_TEXTS)[number];

/** How much a list shows of a payload or an answer, in characters; how much an export does. */
export const MAX_SNIPPET_CHARACTERS = 200;
export const MAX_EXPORTED_CHARACTERS = 8_000;

/** How many tasks a search may pass for one page, and how many texts a full-text search may read. */
export const MAX_SCANNED_TASKS = 5_000;
export const MAX_SEARCHED_TASKS = 1_000;
/** How many tasks a count looks at, and how many an export has. */
export const MAX_COUNTED_TASKS = 20_000;
export const MAX_EXPORTED_TASKS = 10_000;

export const TaskTexts = Type.Array(StringEnum(TASK_TEXTS), {
  maxItems: TASK_TEXTS.length,
  description:
    "Adds parts of the tasks' texts: `title`, the part of the event that the agent's `title_path` names; the " +
    'beginnings of `payload` and `answer`. Repeat the parameter for more than one.',
});

/** Says that an answer lacks what is in the archive. */
export const ArchiveAway = () =>
  Type.Optional(
    Type.Literal('unavailable', {
      description:
        'Present if the archive does not answer, or not in time: the answer has only the tasks that are still ' +
        'in Redis. Ask again later.',
    }),
  );

export const TaskList = Type.Object(
  {
    tasks: Type.Array(Type.Ref('TaskSummary')),
    next_cursor: OrNull(
      Type.String(),
      'Pass it as `cursor` to get the next page. null on the last page. A page may be shorter than ' +
        'its limit and still have a next one.',
    ),
    archive: ArchiveAway(),
    searched: Type.Optional(
      Type.Object(
        {
          tasks: Type.Integer({ description: 'How many tasks were looked at for this page.' }),
          back_to: TimeOrNull('When the last of them was created. null if there was none.'),
        },
        {
          description:
            'How far the search came, if the filter has something that is not indexed. The next page continues ' +
            'there, even if this one is empty.',
        },
      ),
    ),
  },
  { $id: 'TaskList' },
);
/** TaskList, whose reference to TaskSummary has no type of its own. */
export interface TaskList extends Omit<Static<typeof TaskList>, 'tasks'> {
  tasks: TaskSummary[];
}

export const EraseQuery = Type.Object({
  agent_id: Type.Optional(
    Type.String({
      description: 'Only tasks of this agent, with its rejections. The agent may have been deleted.',
    }),
  ),
  idempotency_key: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MAX_IDEMPOTENCY_KEY,
      description: 'Only tasks of events with exactly this idempotency key, or delivery id of their sender.',
    }),
  ),
  conversation_id: Type.Optional(
    Type.String({
      pattern: ID_PATTERNS.conversation,
      description: 'Only tasks of this conversation. Once none is left, it is deleted as well.',
    }),
  ),
  before: Type.Optional(
    Type.String({ format: 'date-time', description: 'Only tasks created before this time. Default: now.' }),
  ),
  cancel: Type.Boolean({
    default: false,
    description: 'Whether to cancel tasks that have not ended and erase them too.',
  }),
});

/** The progress of an erasure. */
export const EraseProgress = Type.Object(
  {
    erased: Type.Integer({ description: 'Tasks that this request erased.' }),
    remaining: Type.Integer({
      description: 'Tasks that have ended and are not yet erased. Repeat the request.',
    }),
    unfinished: Type.Integer({
      description: 'Tasks that have not ended. They stay unless you cancel them.',
    }),
  },
  { $id: 'EraseProgress' },
);
export type EraseProgress = Static<typeof EraseProgress>;
