import { type Static, Type } from '@sinclair/typebox';
import { Rejection } from './rejection.js';
import { OrNull, StringEnum } from './shapes.js';

/** Upper bound for a filter, in characters. It stands in the part of an agent that each trigger reads. */
export const MAX_FILTER_CHARACTERS = 4_000;
/** How many authors an agent can ignore. */
export const MAX_IGNORED_SENDERS = 50;

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

/** Why an event created no task although nothing is wrong with it. */
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
      'body',
      'body_bytes',
      'truncated',
      'accepted',
    ]).properties,
  },
  { $id: 'FilteredEvent' },
);
export type FilteredEvent = Static<typeof FilteredEvent>;

export const FilteredEventList = Type.Object({
  events: Type.Array(Type.Union([Type.Ref('FilteredEvent'), Type.Ref('WithheldFilteredEvent')])),
  next_cursor: OrNull(Type.String(), 'Pass it as `cursor` to get the next page. null on the last page.'),
});
