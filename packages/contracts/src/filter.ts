import { type Static, Type } from '@sinclair/typebox';
import { Rejection } from './rejection.js';
import { OrNull, StringEnum, Time } from './shapes.js';
import { Line } from './text.js';

/** Upper bound for a filter, in characters. Each trigger reads the filter with the agent's gate. */
export const MAX_FILTER_CHARACTERS = 4_000;
/** How many authors an agent can ignore. */
export const MAX_IGNORED_SENDERS = 50;

export const IgnoredSenders = Type.Array(Line({ minLength: 1, maxLength: 200 }), {
  maxItems: MAX_IGNORED_SENDERS,
  default: [],
  description:
    "Logins or ids of authors whose events do not run, as they appear in the payload. Add the agent's own " +
    'account, so that it does not answer itself. The sender gets the same answer as for a filtered event.',
});

/** Upper bound for the key of a breaker, in characters. */
export const MAX_BREAKER_KEY_CHARACTERS = 1_000;

/**
 * Where the payloads of known systems name the author of an event. The first path with an ignored author
 * counts.
 */
export const SENDER_PATHS = [
  // GitHub, Gitea, Bitbucket
  'sender.login',
  'sender.id',
  'sender.username',
  'actor.account_id',
  'actor.uuid',
  'actor.nickname',
  // GitLab
  'user.username',
  'user.id',
  'user_username',
  'user_id',
  // Slack
  'event.user',
  'event.bot_id',
  // Linear, Sentry
  'actor.id',
  'actor.name',
  // Jira
  'user.accountId',
  'comment.author.accountId',
  // Discord, Telegram, Trello
  'author.id',
  'member.user.id',
  'message.from.id',
  'message.from.username',
  'action.memberCreator.id',
  'action.memberCreator.username',
  // Others
  'user.login',
  'author.login',
  'sender',
] as const;

/**
 * Pauses an agent that runs too often about the same thing, such as one that answers its own comments.
 */
export const Breaker = Type.Object(
  {
    key: Type.Optional(
      Type.String({
        maxLength: MAX_BREAKER_KEY_CHARACTERS,
        description:
          'What an event is about: a CEL expression like that of the filter, for example ' +
          '`payload.issue.number`. Without it, all runs of the agent count together.',
      }),
    ),
    max_per_minute: Type.Integer({
      minimum: 1,
      maximum: 100_000,
      description: 'How many runs about the same thing may start within a minute. One more pauses the agent.',
    }),
  },
  { additionalProperties: false },
);
export type Breaker = Static<typeof Breaker>;

/** Why an agent is paused. Events are stored meanwhile, and run when the pause ends. */
export const AgentPause = Type.Object(
  {
    at: Time(),
    reason: StringEnum(['too_many_runs', 'by_person'], {
      description: '`too_many_runs`: its `breaker` has paused it. `by_person`: somebody has.',
    }),
    max_per_minute: Type.Optional(
      Type.Integer({ description: 'How many runs a minute the breaker allowed.' }),
    ),
    task_id: Type.Optional(Type.String({ description: 'The task that exceeded the limit. It waits too.' })),
    by: Type.Optional(OrNull(Type.String(), 'The name of the API key that paused it.')),
    note: Type.Optional(OrNull(Type.String(), 'Why, for people.')),
  },
  { $id: 'AgentPause' },
);
export type AgentPause = Static<typeof AgentPause>;

/** Why a valid event created no task. */
export const FILTER_REASONS = ['filter', 'ignored_sender'] as const;
export type FilterReason = (typeof FILTER_REASONS)[number];

/** The answer to an event that is not for its agent. */
export const EventFiltered = Type.Object(
  {
    success: Type.Literal(true),
    task_id: Type.Null(),
    filtered: Type.Literal(true, { description: 'The event is not for this agent. No task was created.' }),
    reason: Type.Optional(
      Type.Literal('ignored_sender', { description: "Only if `ignore_senders` names the event's author." }),
    ),
  },
  { $id: 'EventFiltered' },
);
export type EventFiltered = Static<typeof EventFiltered>;

/** An event that was not for its agent. It is kept, so that people can see it and run it after all. */
export const FilteredEvent = Type.Object(
  {
    id: Type.String({ description: 'For example `flt_…`.' }),
    reason: StringEnum(FILTER_REASONS, {
      description: '`filter`: the agent’s `filter` was false. `ignored_sender`: its author is ignored.',
    }),
    sender: OrNull(Type.String(), 'The ignored author.'),
    ...Type.Pick(Rejection, [
      'at',
      'method',
      'content_type',
      'headers',
      'query',
      'body',
      'body_bytes',
      'truncated',
      'accepted',
    ]).properties,
  },
  { $id: 'FilteredEvent' },
);
export type FilteredEvent = Static<typeof FilteredEvent>;

/** Where an agent's past events are kept. */
export const TRIED_KINDS = ['task', 'filtered', 'rejected'] as const;

/** Body of POST /api/agents/{id}/filter/test. */
export const FilterTestBody = Type.Object(
  {
    filter: Type.Union([Type.String({ maxLength: MAX_FILTER_CHARACTERS }), Type.Null()], {
      description: 'The filter to try. null or empty: none.',
    }),
    ignore_senders: Type.Optional(IgnoredSenders),
  },
  { additionalProperties: false },
);
export type FilterTestBody = Static<typeof FilterTestBody>;

/** What a filter would do with the agent's past events. */
export const FilterTest = Type.Object(
  {
    passed: Type.Integer({
      description: 'How many would run, including those for which the filter has no value.',
    }),
    filtered: Type.Integer({ description: 'How many would not.' }),
    failed: Type.Integer({ description: 'For how many the filter has no value. They count as passed.' }),
    untried: Type.Integer({ description: 'How many were too large, or too many for the time.' }),
    events: Type.Array(
      Type.Object({
        id: Type.String({ description: 'The id of the task, the rejection or the filtered event.' }),
        kind: StringEnum(TRIED_KINDS),
        at: Time(),
        name: Type.String({ description: 'The kind of event, as far as its headers and payload tell.' }),
        runs: Type.Boolean(),
        error: OrNull(Type.String(), 'Why the filter has no value.'),
      }),
      { description: 'Newest first.' },
    ),
  },
  { $id: 'FilterTest' },
);
export type FilterTest = Static<typeof FilterTest>;

/** A page of the filtered events of all agents. */
export const AllFilteredEvents = Type.Object({
  events: Type.Array(
    Type.Object({
      agent_id: Type.String(),
      event: Type.Union([Type.Ref('FilteredEvent'), Type.Ref('WithheldFilteredEvent')]),
    }),
    { description: 'Newest first.' },
  ),
  next_cursor: OrNull(Type.String(), 'Pass it as `cursor` to get the next page. null on the last page.'),
});

export const FilteredEventList = Type.Object({
  events: Type.Array(Type.Union([Type.Ref('FilteredEvent'), Type.Ref('WithheldFilteredEvent')])),
  next_cursor: OrNull(Type.String(), 'Pass it as `cursor` to get the next page. null on the last page.'),
});
