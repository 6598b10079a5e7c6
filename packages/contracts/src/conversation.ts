import { type Static, Type } from '@sinclair/typebox';
import { OrNull, StringEnum, Time } from './shapes.js';
import { ToolCall } from './task.js';
import type { TaskSummary } from './task-list.js';
import { Cursor } from './text.js';

/** Upper bound for the template of a key, in characters. Each trigger reads it with the agent's gate. */
export const MAX_KEY_TEMPLATE = 2_000;
/** How much of a rendered key is stored to be shown, in characters. Its hash identifies the conversation. */
export const SHOWN_KEY_CHARACTERS = 1_000;
/** How long a conversation may be kept after its last run, in seconds: a year. */
export const MAX_CONVERSATION_SECONDS = 31_536_000;
/** Upper bound for what earlier turns may add to a prompt, in tokens. */
export const MAX_CONVERSATION_TOKENS = 1_000_000;
/** How many tasks and turns of a conversation are kept. */
export const MAX_CONVERSATION_TASKS = 200;
/** How much of a conversation's turns is kept, in bytes of JSON. The newest turn is always kept. */
export const MAX_CONVERSATION_BYTES = 1024 * 1024;
/** How much of one text of a turn is kept, in characters. */
export const MAX_TURN_TEXT = 100_000;

/** What happens to an event while its conversation has an open task. */
export const WHEN_BUSY = ['queue', 'supersede', 'parallel'] as const;
export type WhenBusy = (typeof WHEN_BUSY)[number];

export const ConversationConfig = Type.Object(
  {
    key: Type.String({
      minLength: 1,
      maxLength: MAX_KEY_TEMPLATE,
      description:
        'LiquidJS template. Events with the same rendered key continue one conversation, for example ' +
        '`{{ payload.repository.full_name }}#{{ payload.issue.number }}`. Variables: payload, headers, query. ' +
        'If it renders to nothing, the event runs alone. If it cannot be rendered for an event, the event ' +
        'runs alone, and its task has a `conversation_error`. A key may have any length.',
    }),
    ttl_seconds: Type.Integer({
      minimum: 1,
      maximum: MAX_CONVERSATION_SECONDS,
      default: 604_800,
      description: 'How long the conversation is kept after its last run. Default: 7 days.',
    }),
    max_tokens: Type.Integer({
      minimum: 0,
      maximum: MAX_CONVERSATION_TOKENS,
      default: 16_000,
      description:
        'How much of the earlier turns the model sees, in estimated tokens. The oldest turns are left out first.',
    }),
    when_busy: StringEnum(WHEN_BUSY, {
      default: 'queue',
      description:
        'What happens while the conversation has an open task. `queue`: its tasks run one at a time, in order of ' +
        'arrival. `supersede`: a new event ends the open tasks with `superseded`, and runs. `parallel`: its ' +
        'tasks run at once, in no order.',
    }),
  },
  { additionalProperties: false },
);
export type ConversationConfig = Static<typeof ConversationConfig>;

export const ConversationInput = Type.Union(
  [
    Type.Object(
      {
        key: ConversationConfig.properties.key,
        ttl_seconds: Type.Optional(ConversationConfig.properties.ttl_seconds),
        max_tokens: Type.Optional(ConversationConfig.properties.max_tokens),
        when_busy: Type.Optional(ConversationConfig.properties.when_busy),
      },
      { additionalProperties: false },
    ),
    Type.Null(),
  ],
  {
    default: null,
    description:
      'Which events continue one conversation: the model then sees the turns before. null: every event runs alone.',
  },
);

/** The earlier turns of a conversation that one task has added: what it was asked, did and answered. */
export const ConversationTurn = Type.Object({
  task_id: Type.String(),
  at: Time('When the run ended.'),
  user: Type.String({ description: 'The user message, as sent to the model.' }),
  tool_calls: Type.Array(Type.Omit(ToolCall, ['duration_ms']), {
    description: 'What the model called before it answered. Long results are cut.',
  }),
  answer: Type.String(),
  error_code: Type.Optional(
    Type.String({ description: 'Why the run ended without an answer. Missing if it ended `SUCCESS`.' }),
  ),
});
export type ConversationTurn = Static<typeof ConversationTurn>;

const summary = {
  id: Type.String({ description: 'For example `cnv_…`. What `conversation_id` of a task names.' }),
  agent_id: Type.String(),
  key: OrNull(
    Type.String(),
    `The rendered key, at most ${SHOWN_KEY_CHARACTERS} characters of it. null for an API key that may not see payloads.`,
  ),
  is_test: Type.Boolean({ description: 'Whether it consists of test events, which are kept apart.' }),
  events: Type.Integer({ description: 'How many events have reached it.' }),
  open_tasks: Type.Integer({ description: 'How many of its tasks run or wait.' }),
  created_at: Time(),
  updated_at: Time('When its last event came.'),
  expires_at: OrNull(Time(), 'When it is removed. null while a task is open.'),
};

export const Conversation = Type.Object(summary, { $id: 'Conversation' });
export type Conversation = Static<typeof Conversation>;

export const ConversationDetail = Type.Object(
  {
    ...summary,
    turns: OrNull(
      Type.Array(ConversationTurn),
      'What the next run sees, oldest first. null for an API key that may not see payloads.',
    ),
    tasks: Type.Array(Type.Ref('TaskSummary'), {
      description: 'Its tasks in order of arrival, while they are kept.',
    }),
  },
  { $id: 'ConversationDetail' },
);
export type ConversationDetail = Omit<Static<typeof ConversationDetail>, 'tasks'> & {
  tasks: TaskSummary[];
};

export const ConversationQuery = Type.Object({
  agent_id: Type.Optional(Type.String({ description: 'Only conversations of this agent.' })),
  key: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: SHOWN_KEY_CHARACTERS,
      description: 'Only the conversation with this key. Needs `agent_id`.',
    }),
  ),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  cursor: Type.Optional(Cursor()),
});

export const ConversationList = Type.Object({
  conversations: Type.Array(Type.Ref('Conversation')),
  next_cursor: OrNull(Type.String(), 'Pass it as `cursor` to get the next page. null on the last page.'),
});
