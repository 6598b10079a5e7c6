import { type Static, type TProperties, Type } from '@sinclair/typebox';
import { OrNull, StringEnum, Time } from './shapes.js';

const text = Type.String({ description: 'The reason in one line, for people. Times are in UTC.' });
const place = Type.Integer({ description: 'How many tasks run before this one, and this one.' });

/** The shape of one kind of wait. */
const Wait = <Kind extends string, Fields extends TProperties>(
  kind: Kind,
  fields: Fields,
  description: string,
) => Type.Object({ kind: Type.Literal(kind), text, ...fields }, { description });

/** What a pause can stop. */
export const PAUSE_SCOPES = ['agent', 'provider', 'installation'] as const;

/** What a budget can limit. */
export const BUDGET_SCOPES = ['agent', 'installation'] as const;

const WAITS = [
  Wait(
    'queue',
    { place: Type.Optional(place) },
    'A worker has free slots and takes the task next, or its workers hold as many bytes as they may.',
  ),
  Wait('no_worker', { place: Type.Optional(place) }, 'No worker has reported in the last 15 seconds.'),
  Wait(
    'no_free_slot',
    { place: Type.Optional(place), taken: Type.Integer(), slots: Type.Integer() },
    "All slots of the workers are taken, or all that the task's agent may have on its worker now.",
  ),
  Wait('max_concurrency', { place, max: Type.Integer() }, 'As many tasks of the agent run as it allows.'),
  Wait(
    'worker_lost',
    { place: Type.Optional(place) },
    'The worker that ran the task is gone. Another one continues the task.',
  ),
  Wait(
    'conversation',
    { place, conversation_id: Type.String() },
    'Earlier tasks of the same conversation have not ended.',
  ),
  Wait(
    'paused',
    {
      scope: StringEnum(PAUSE_SCOPES),
      since: Time(),
      by: Type.Optional(
        OrNull(
          Type.String(),
          'The name of the API key. Absent if a breaker paused it, and for callers without a key.',
        ),
      ),
      provider: Type.Optional(
        Type.String({ description: 'The provider or `provider:model` that is paused.' }),
      ),
      place: Type.Optional(place),
    },
    'The agent, its provider or everything is paused until a person resumes it.',
  ),
  Wait('burst', { until: Time() }, 'The task collects the events of its burst.'),
  Wait(
    'retry',
    { until: Time(), error: Type.String({ description: 'The failure code of the last attempt.' }) },
    'The last attempt failed; the next is due at `until`.',
  ),
  Wait(
    'budget',
    {
      scope: StringEnum(BUDGET_SCOPES),
      limit: Type.String({ description: 'The field of the budget, such as `per_day_usd`.' }),
      until: Time(),
    },
    'The budget is spent. `until` is when it is full again.',
  ),
  Wait(
    'rate_limit',
    {
      provider: Type.String(),
      model: Type.String({ description: 'The name of the model at its provider.' }),
      until: Time(),
    },
    'The provider asked to wait. `until` is when it may be asked again. After a few minutes, one task ' +
      'asks earlier, and may end the wait for its own.',
  ),
  Wait(
    'agent',
    { tool: Type.String(), until: Time('Until when the task waits at most.') },
    'A tool of the type `agent` has called another agent, whose task has not ended.',
  ),
] as const;

/** What a task can ask people and other systems for. */
export const ASK_KINDS = ['approval', 'question', 'callback'] as const;
export type AskKind = (typeof ASK_KINDS)[number];

const Ask = Type.Object(
  {
    kind: StringEnum(ASK_KINDS),
    text,
    tool: Type.String(),
    arguments: Type.Unknown({ description: 'Those of the call.' }),
    question: Type.Optional(Type.String()),
    expires_at: Time('Until when someone can decide.'),
  },
  { description: 'A call waits for a decision, an answer or a callback. See GET /api/approvals.' },
);

/** All reasons why a task does not run. */
export const WAIT_KINDS = [...WAITS.map(({ properties }) => properties.kind.const), ...ASK_KINDS];

/** Why a task that has not ended does not run. Each `kind` has fields of its own. */
export const WaitingFor = Type.Union([...WAITS, Ask], {
  $id: 'WaitingFor',
  description: 'Why the task does not run now. New kinds may be added.',
});
export type WaitingFor = Static<typeof WaitingFor>;

/** The same without content. */
export const WithheldWaitingFor = Type.Union([...WAITS, Type.Omit(Ask, ['arguments', 'question'])], {
  $id: 'WithheldWaitingFor',
  description: 'Why the task does not run now. New kinds may be added.',
});
export type WithheldWaitingFor = Static<typeof WithheldWaitingFor>;

type WithoutText<Wait> = Wait extends unknown ? Omit<Wait, 'text'> : never;
/** A reason before it has been put into words. */
export type WaitReason = WithoutText<WithheldWaitingFor>;
