import { type Static, Type } from '@sinclair/typebox';
import { ID_PATTERNS } from './ids.js';
import { OrNull, StringEnum, Time, TimeOrNull } from './shapes.js';
import { TASK_STATUSES } from './task.js';

/** Maximum number of an agent's schedules. */
export const MAX_SCHEDULES = 20;
/** The shortest time between two runs of a schedule, in seconds. */
export const MIN_SCHEDULE_SECONDS = 10;
/** The longest `every_seconds`: 366 days. */
export const MAX_EVERY_SECONDS = 31_622_400;
/** How many failed runs in a row pause a schedule. */
export const FAILURES_TO_PAUSE = 10;
/** How many due times of a schedule with `overlap: "queue"` wait at most. */
export const MAX_WAITING_RUNS = 20;
/** How late a run may start, in seconds, without counting as missed. */
export const ON_TIME_SECONDS = 60;
/** How many of a schedule's next runs are shown. */
export const NEXT_RUNS = 5;

export const SCHEDULE_OVERLAPS = ['skip', 'queue'] as const;
export const SCHEDULE_CATCH_UPS = ['skip', 'once'] as const;

/** When an agent runs by itself: `cron`, `every_seconds` or `at`. */
export const Schedule = Type.Object(
  {
    id: Type.String({
      pattern: ID_PATTERNS.schedule,
      description: 'Unique among the agent’s schedules. Letters, digits, `-` and `_`.',
    }),
    cron: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description:
          'A cron expression of five fields, or of six that begin with the seconds, for example ' +
          '`0 9 * * MON-FRI`. In a skipped hour, it runs as much later as the hour is long; in a repeated hour, ' +
          'it runs the first time only, unless its hour is `*`.',
      }),
    ),
    every_seconds: Type.Optional(
      Type.Integer({
        minimum: MIN_SCHEDULE_SECONDS,
        maximum: MAX_EVERY_SECONDS,
        description: 'Runs that often, first one interval after the schedule was saved.',
      }),
    ),
    at: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 40,
        description:
          'Runs once at this time: RFC 3339, or without an offset (`2027-01-31T09:00:00`) in `timezone`.',
      }),
    ),
    timezone: Type.String({
      minLength: 1,
      maxLength: 60,
      default: 'UTC',
      description: 'An IANA time zone, for example `Europe/Berlin`.',
    }),
    payload: Type.Unknown({ default: {}, description: 'The payload of each run: any JSON.' }),
    overlap: StringEnum(SCHEDULE_OVERLAPS, {
      default: 'skip',
      description:
        'What happens when a run is due while the last one has not ended. `skip`: it does not run. `queue`: it ' +
        `runs once the last one has ended; at most ${MAX_WAITING_RUNS} runs wait.`,
    }),
    catch_up: StringEnum(SCHEDULE_CATCH_UPS, {
      default: 'once',
      description:
        'What happens to runs that were missed, because no worker ran. `skip`: nothing. `once`: one run for all ' +
        'of them.',
    }),
    enabled: Type.Boolean({ default: true }),
  },
  { additionalProperties: false },
);
export type Schedule = Static<typeof Schedule>;

const { id, cron, every_seconds, at, ...preset } = Schedule.properties;

/** A schedule as it is sent. Missing fields get their defaults. */
export const ScheduleInput = Type.Object(
  { id, cron, every_seconds, at, ...Type.Partial(Type.Object(preset)).properties },
  { additionalProperties: false },
);
export type ScheduleInput = Static<typeof ScheduleInput>;

/** The outcome of a due time. */
export const SCHEDULE_OUTCOMES = ['ran', 'filtered', 'refused', 'skipped', 'missed'] as const;
export type ScheduleOutcome = (typeof SCHEDULE_OUTCOMES)[number];

export const ScheduleState = Type.Object(
  {
    ...Schedule.properties,
    next_runs: Type.Array(Time(), {
      maxItems: NEXT_RUNS,
      description: 'The next due times. Empty if it does not run; `paused_reason` says why.',
    }),
    last_task: OrNull(
      Type.Object({
        task_id: Type.String(),
        status: OrNull(StringEnum(TASK_STATUSES), 'null once the task has expired.'),
        due_at: Time('When the run was due.'),
      }),
      'The task of the last run.',
    ),
    last_outcome: OrNull(
      Type.Object({
        outcome: StringEnum(SCHEDULE_OUTCOMES),
        due_at: Time(),
        detail: OrNull(Type.String(), 'Why no task was created.'),
      }),
      'The outcome of the last due time.',
    ),
    failures: Type.Integer({ description: 'How many runs in a row have failed.' }),
    waiting: Type.Integer({ description: 'How many due runs wait for the end of the last one.' }),
    paused_at: TimeOrNull('When the schedule was paused, if failures did.'),
    paused_reason: OrNull(Type.String(), 'Why the schedule does not run.'),
  },
  { $id: 'ScheduleState' },
);
export type ScheduleState = Static<typeof ScheduleState>;

export const ScheduleList = Type.Object({ schedules: Type.Array(Type.Ref('ScheduleState')) });

/** A schedule with its agent. */
export const AgentSchedule = Type.Object(
  { agent_id: Type.String(), schedule: Type.Unsafe<ScheduleState>(Type.Ref('ScheduleState')) },
  { $id: 'AgentSchedule' },
);
export type AgentSchedule = Static<typeof AgentSchedule>;

/** A page of the schedules of all agents. */
export const AllSchedules = Type.Object({
  schedules: Type.Array(Type.Ref('AgentSchedule')),
  next_cursor: OrNull(Type.String(), 'Pass it as `cursor` to get the next page. null on the last page.'),
});

/** The answer to running a schedule now. */
export const ScheduleRun = Type.Object({
  task_id: OrNull(Type.String(), 'null if the agent’s filter left the event out.'),
  filtered: Type.Optional(Type.Literal(true)),
});
export type ScheduleRun = Static<typeof ScheduleRun>;
