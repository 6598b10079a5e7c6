import { type Static, Type } from '@sinclair/typebox';

const count = (description: string) => Type.Integer({ description });
const ms = (share: string) =>
  Type.Union([Type.Integer(), Type.Null()], {
    description: `${share} of the tasks that ended took at most so many ms from start to end; to within 5 %.`,
  });

export const StatsTotals = Type.Object({
  triggered: count('Tasks that were made.'),
  succeeded: count('Tasks that ended SUCCESS.'),
  failed: count('Tasks that ended FAILURE.'),
  rejected: count('Posts to a known webhook that were refused.'),
  p50_ms: ms('Half'),
  p95_ms: ms('95 %'),
  input_tokens: count('Of the tasks that ended.'),
  output_tokens: count('Of the tasks that ended.'),
  cost_usd: Type.Number({ description: 'Of the tasks that ended, as far as prices are known.' }),
});
export type StatsTotals = Static<typeof StatsTotals>;

const Point = Type.Object({ start: Type.String({ format: 'date-time' }), ...StatsTotals.properties });

/** What was counted, in all and over time. */
export const Stats = Type.Object(
  {
    from: Type.String({ format: 'date-time' }),
    to: Type.String({ format: 'date-time' }),
    bucket: Type.String({ enum: ['hour', 'day'] }),
    queue: Type.Object({
      pending: count('Tasks that wait for their start, now.'),
      started: count('Tasks that have started and not ended, now.'),
    }),
    totals: StatsTotals,
    series: Type.Array(Point),
    agents: Type.Optional(
      Type.Array(
        Type.Object({
          agent_id: Type.String(),
          last_task_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
            description:
              'When its newest task was made, whatever `from` and `to`; null once all have expired.',
          }),
          totals: StatsTotals,
          series: Type.Array(Point),
        }),
        {
          description:
            'Only with `group_by=agent`: those that `agent_id` names, in its order; else agents with tasks or refused posts, newest agent first, 200 at most.',
        },
      ),
    ),
  },
  { $id: 'Stats' },
);
export type Stats = Omit<Static<typeof Stats>, 'bucket'> & { bucket: 'hour' | 'day' };

export const StatsQuery = Type.Object({
  from: Type.Optional(Type.String({ format: 'date-time', description: 'Default: a day before `to`.' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Default: now.' })),
  bucket: Type.String({ enum: ['hour', 'day'], default: 'hour', description: 'Days are of UTC.' }),
  agent_id: Type.Optional(
    Type.Array(Type.String(), {
      maxItems: 100,
      description: 'Of these agents alone; repeat the parameter for more than one.',
    }),
  ),
  group_by: Type.Optional(
    Type.String({ enum: ['agent'], description: 'Also each agent by itself; over two days at most.' }),
  ),
});
