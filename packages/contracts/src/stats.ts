import { type Static, Type } from '@sinclair/typebox';
import { StringEnum, Time } from './shapes.js';

const count = (description: string) => Type.Integer({ description });
const ms = (share: string) =>
  Type.Union([Type.Integer(), Type.Null()], {
    description: `${share} of the finished tasks took at most this many ms from start to end, accurate to 5 %.`,
  });

export const StatsTotals = Type.Object({
  triggered: count('Tasks created.'),
  succeeded: count('Tasks that ended SUCCESS.'),
  failed: count('Tasks that ended FAILURE.'),
  rejected: count('Rejected requests to a known webhook.'),
  filtered: count('Events that did not run because of the agent’s `filter` or `ignore_senders`.'),
  p50_ms: ms('Half'),
  p95_ms: ms('95 %'),
  input_tokens: count('Of the finished tasks.'),
  output_tokens: count('Of the finished tasks.'),
  cost_usd: Type.Number({ description: 'Of the finished tasks, as far as prices are known.' }),
});
export type StatsTotals = Static<typeof StatsTotals>;

const Point = Type.Object({ start: Time(), ...StatsTotals.properties });

/** What counts may be split by. */
export const STATS_GROUPS = ['agent', 'sender', 'model', 'error_code'] as const;

/** Counts in total and over time. */
export const Stats = Type.Object(
  {
    from: Time(),
    to: Time(),
    bucket: StringEnum(['hour', 'day']),
    queue: Type.Object({
      pending: count('Tasks waiting to start, now, of the agents in `agent_id` or of all.'),
      started: count('Those that have started and not ended, now.'),
    }),
    totals: StatsTotals,
    series: Type.Array(Point),
    agents: Type.Optional(
      Type.Array(
        Type.Object({
          agent_id: Type.String(),
          last_task_at: Type.Union([Time(), Type.Null()], {
            description:
              'When the newest task was created, regardless of `from` and `to`. null once all have ' +
              'expired.',
          }),
          totals: StatsTotals,
          series: Type.Array(Point),
        }),
        {
          description:
            'Only with `group_by=agent`: the agents in `agent_id`, in that order. Without `agent_id`, ' +
            'the 200 agents with the most events on the days of the range, the busiest first.',
        },
      ),
    ),
    groups: Type.Optional(
      Type.Array(
        Type.Object({
          name: Type.String({
            description:
              'The `scheme` of a sender’s signature, a `provider:model`, or a failure or error code. `none`: ' +
              'no sender has signed. `other`: all that are not among the first 50 of their day, counted ' +
              'for all agents, or for the agent in `agent_id`.',
          }),
          totals: StatsTotals,
          series: Type.Array(Point),
        }),
        {
          description:
            'Only with `group_by=sender`, `model` or `error_code`: those with counts in the range, the most ' +
            'first. A model has no `triggered`, `rejected` and `filtered`; a failed task counts for the ' +
            'first model of its agent’s version. An error code has `failed`, of tasks, and `rejected`.',
        },
      ),
    ),
  },
  { $id: 'Stats' },
);
export type Stats = Static<typeof Stats>;

export const StatsQuery = Type.Object({
  from: Type.Optional(Type.String({ format: 'date-time', description: 'Default: a day before `to`.' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Default: now.' })),
  bucket: StringEnum(['hour', 'day'], { default: 'hour', description: 'Days are in UTC.' }),
  agent_id: Type.Optional(
    Type.Array(Type.String(), {
      maxItems: 100,
      description: 'Only these agents. Repeat the parameter for more than one.',
    }),
  ),
  group_by: Type.Optional(
    StringEnum(STATS_GROUPS, {
      description:
        'Also counts each agent, sender, model or error code separately. With `bucket=hour`, the range is ' +
        'then limited to two days. Only `agent` can be combined with more than one `agent_id`.',
    }),
  ),
});
