import { type Static, type TObject, type TProperties, Type } from '@sinclair/typebox';
import { AgentId } from './ids.js';
import { Notified } from './notified.js';
import { OrNull, RefTo, StringEnum, Time, TimeOrNull } from './shapes.js';
import { Cursor, Name } from './text.js';

/** How many alert rules may exist. */
export const MAX_ALERT_RULES = 100;
/** How many alerts the history keeps, and for how many days. */
export const MAX_ALERTS = 1_000;
export const ALERT_DAYS = 90;
/** How many alerts of one rule may be open at once. */
export const MAX_OPEN_ALERTS = 100;

const LONGEST_SECONDS = 30 * 86_400;
const percent = Type.Number({
  exclusiveMinimum: 0,
  maximum: 100,
  default: 50,
  description: 'The share of failed runs among those that ended, in percent, from which it alerts.',
});
const windowSeconds = Type.Integer({
  minimum: 60,
  maximum: 86_400,
  default: 900,
  description: 'Over how long the runs are counted.',
});
const minRuns = Type.Integer({
  minimum: 1,
  maximum: 100_000,
  default: 5,
  description: 'How many runs must have ended in that time.',
});
const seconds = (description: string, minimum: number) =>
  Type.Integer({ minimum, maximum: LONGEST_SECONDS, description });

/**
 * Every type of rule with its fields. For another one, add its fields here, and a file in
 * packages/core/src/alerts/conditions.
 */
export const ALERT_FIELDS = {
  first_failure: {},
  failure_rate: {
    percent: Type.Optional(percent),
    window_seconds: Type.Optional(windowSeconds),
    min_runs: Type.Optional(minRuns),
  },
  backlog_age: { seconds: seconds('How long the oldest task has waited for its start.', 5) },
  callback_disabled: {},
  silence: { seconds: seconds('For how long no task was created.', 10) },
  spend: {
    usd: Type.Number({
      minimum: 0.000001,
      maximum: 1_000_000,
      description: 'What the runs have cost, in USD.',
    }),
    per: Type.Optional(
      StringEnum(['day', 'month'] as const, {
        default: 'day',
        description: 'Of UTC, by the clock of Redis.',
      }),
    ),
  },
  budget: {},
} as const satisfies Record<string, TProperties>;

export type AlertType = keyof typeof ALERT_FIELDS;
export const ALERT_TYPES = Object.keys(ALERT_FIELDS) as AlertType[];

const name = Name({ maxLength: 100, description: 'For people.' });
const agent = OrNull(AgentId('The agent that it watches.'), 'null: the installation.');
const channels = Notified('The notify channels that are told.');
const callback = Type.Boolean({
  default: false,
  description: "Whether the agent's callback is told too, if the alert is about one agent.",
});
const enabled = Type.Boolean({ default: true, description: 'Whether it is watched.' });

const inputOf = <Kind extends AlertType>(type: Kind) =>
  Type.Object(
    {
      name,
      type: Type.Literal(type),
      agent_id: Type.Optional(agent),
      channels: Type.Optional(channels),
      callback: Type.Optional(callback),
      enabled: Type.Optional(enabled),
      ...ALERT_FIELDS[type],
    },
    { title: type, additionalProperties: false },
  );

/** The fields of a rule that only its type has. */
export type AlertFields<Kind extends AlertType> = Static<TObject<(typeof ALERT_FIELDS)[Kind]>>;

/** A rule as it is given. `type` selects the schema, so that an error can name the field. */
export type AlertRuleInput = {
  [Kind in AlertType]: {
    name: string;
    type: Kind;
    agent_id?: string | null;
    channels?: string[];
    callback?: boolean;
    enabled?: boolean;
  } & AlertFields<Kind>;
}[AlertType];
export const AlertRuleInput = Type.Unsafe<AlertRuleInput>({
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: ALERT_TYPES.map(inputOf),
});

/** The fields that only some types have. */
const own = {
  percent: Type.Optional(percent),
  window_seconds: Type.Optional(windowSeconds),
  min_runs: Type.Optional(minRuns),
  seconds: Type.Optional(
    seconds(
      '`backlog_age`: how long the oldest task has waited. `silence`: for how long there was no task.',
      5,
    ),
  ),
  usd: Type.Optional(ALERT_FIELDS.spend.usd),
  per: ALERT_FIELDS.spend.per,
};

/** Body of PATCH. Fields that are left out stay. */
export const AlertRulePatch = Type.Object(
  {
    name: Type.Optional(name),
    channels: Type.Optional(channels),
    callback: Type.Optional(callback),
    enabled: Type.Optional(enabled),
    ...own,
  },
  { $id: 'AlertRulePatch', additionalProperties: false },
);
export type AlertRulePatch = Static<typeof AlertRulePatch>;

/** A rule that says when people are told. */
export const AlertRule = Type.Object(
  {
    id: Type.String(),
    name,
    type: StringEnum(ALERT_TYPES, {
      description:
        '`first_failure`: a run failed after one that succeeded. `failure_rate`: too many of the runs in a time ' +
        'failed. `backlog_age`: a task waits too long for its start. `callback_disabled`: a callback was disabled. ' +
        '`silence`: no task was created for too long. `spend`: runs have cost too much in a day or a month. ' +
        '`budget`: a budget is used up to 80 or 100 %.',
    }),
    agent_id: agent,
    channels,
    callback,
    enabled,
    ...own,
    open: Type.Integer({ description: 'How many of its alerts are open.' }),
    created_at: Time(),
    updated_at: Time(),
  },
  { $id: 'AlertRule' },
);
export type AlertRule = Static<typeof AlertRule>;

export const AlertRuleList = Type.Object(
  { rules: Type.Array(RefTo<AlertRule>('AlertRule')) },
  { $id: 'AlertRuleList' },
);
export type AlertRuleList = Static<typeof AlertRuleList>;

export const ALERT_STATUSES = ['open', 'resolved'] as const;
export type AlertStatus = (typeof ALERT_STATUSES)[number];

/**
 * An episode: from when a rule's condition began to hold until it ended. It is told once, and its end once.
 */
export const Alert = Type.Object(
  {
    id: Type.String(),
    rule_id: Type.String(),
    rule: Type.String({ description: 'The name that the rule had.' }),
    type: StringEnum(ALERT_TYPES),
    agent_id: OrNull(Type.String(), 'The agent that it is about. null: the installation.'),
    task_id: OrNull(Type.String(), 'The task that began it, if one did.'),
    status: StringEnum(ALERT_STATUSES),
    text: Type.String({ description: 'What happened, in words.' }),
    opened_at: Time(),
    resolved_at: TimeOrNull(),
    resolution: OrNull(
      StringEnum(['recovered', 'rule_changed'] as const),
      '`recovered`: the condition holds no longer, which is told. `rule_changed`: its rule was disabled or deleted.',
    ),
  },
  { $id: 'Alert' },
);
export type Alert = Static<typeof Alert>;

export const AlertQuery = Type.Object(
  {
    status: Type.Optional(StringEnum(ALERT_STATUSES)),
    agent_id: Type.Optional(Type.String()),
    rule_id: Type.Optional(Type.String({ description: 'Only those of this rule.' })),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
    cursor: Type.Optional(Cursor()),
  },
  { additionalProperties: false },
);
export type AlertQuery = Static<typeof AlertQuery>;

export const AlertList = Type.Object(
  {
    alerts: Type.Array(RefTo<Alert>('Alert')),
    next_cursor: OrNull(Type.String(), 'null: the last page.'),
  },
  { $id: 'AlertList' },
);
export type AlertList = Static<typeof AlertList>;

/** The body that reports an alert to a callback, or to a channel of type `webhook`. */
export const AlertPayload = Type.Object(
  {
    type: StringEnum(['alert.opened', 'alert.resolved'] as const),
    timestamp: Time('When the alert began or ended.'),
    data: RefTo<Alert>('Alert'),
  },
  { $id: 'AlertPayload' },
);
export type AlertPayload = Static<typeof AlertPayload>;
