import { type Static, Type } from '@sinclair/typebox';
import { DESTINATION_TYPES } from './destinations/index.js';
import { DELIVERY_REASON_TEXTS, DELIVERY_REASONS } from './failures.js';
import { PublicTaskResult } from './public-result.js';
import { OrNull, RefTo, StringEnum, Time, TimeOrNull } from './shapes.js';
import { TASK_TRIGGERS } from './task-list.js';
import { ASK_KINDS } from './waiting-for.js';

/** The prefix of a callback secret, before its base64 (Standard Webhooks, "Signature scheme"). */
export const CALLBACK_SECRET_PREFIX = 'whsec_';
/** The allowed length of a callback secret, in bytes (Standard Webhooks, "Signature scheme"). */
export const CALLBACK_SECRET_BYTES = { min: 24, max: 64 };
/** The form of a callback secret. */
export const CALLBACK_SECRET_PATTERN = '^whsec_[A-Za-z0-9+/]+={0,2}$';
/** How many deliveries the log of an agent, or of a notify channel, keeps. */
export const MAX_DELIVERIES = 1_000;
/** How much of a receiver's answer the log keeps, in bytes. */
export const RESPONSE_EXCERPT_BYTES = 1_024;

const url = Type.String({
  minLength: 1,
  maxLength: 2_048,
  description:
    'The http or https URL that receives the end of each task. Private addresses need EGRESS_ALLOW.',
});

/** The part of a callback that belongs to a version of the agent. */
export const CallbackConfig = Type.Object({ url });
export type CallbackConfig = Static<typeof CallbackConfig>;

/** The callback in the body of POST, PUT and PATCH. */
export const CallbackInput = Type.Object(
  {
    url,
    secret: Type.Optional(
      Type.Union([Type.String({ maxLength: 100, pattern: CALLBACK_SECRET_PATTERN }), Type.Literal(true)], {
        description:
          '`whsec_` and the base64 of 24 to 64 bytes. If missing or `true`, the stored secret ' +
          'stays. If none is stored, one is created and shown only in this answer.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type CallbackInput = Static<typeof CallbackInput>;

export const CallbackDisabled = Type.Object({
  at: Time('When deliveries stopped.'),
  reason: Type.String({ description: 'The reason, for people.' }),
});
export type CallbackDisabled = Static<typeof CallbackDisabled>;

/** An agent's callback as the API shows it. */
export const CallbackInfo = Type.Object({
  url,
  secret: Type.Union([Type.Literal(true), Type.String()], {
    description:
      '`true`: a secret is stored. The secret itself appears only in the answer to the request that ' +
      'created it.',
  }),
  previous_expires_at: TimeOrNull(
    'Until when deliveries are also signed with the secret from before the last rotation.',
  ),
  disabled: Type.Union([CallbackDisabled, Type.Null()], {
    description:
      'Set after repeated failures. To clear it, save the callback again or call POST ' +
      '…/callback/enable.',
  }),
});
export type CallbackInfo = Static<typeof CallbackInfo>;

export const RotateCallbackBody = Type.Object(
  {
    overlap_seconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 30 * 86_400,
        default: 86_400,
        description: 'How long deliveries also carry a signature with the old secret. 0: not at all.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type RotateCallbackBody = Static<typeof RotateCallbackBody>;

export const RotatedCallback = Type.Object(
  {
    secret: Type.String({ description: 'Shown only once.' }),
    previous_expires_at: TimeOrNull('Until when deliveries are also signed with the old secret.'),
  },
  { $id: 'RotatedCallback' },
);
export type RotatedCallback = Static<typeof RotatedCallback>;

/** How a task can end, as a callback says it. */
const END_TYPES = ['task.succeeded', 'task.failed'] as const;
export const CALLBACK_TYPES = [
  ...END_TYPES,
  'task.action_required',
  'alert.opened',
  'alert.resolved',
] as const;
export type CallbackType = (typeof CALLBACK_TYPES)[number];
const type = StringEnum(CALLBACK_TYPES);

/** The body that is posted to a callback's URL when a task ends. */
export const CallbackPayload = Type.Object(
  {
    type: StringEnum(END_TYPES),
    timestamp: Time('When the task ended.'),
    data: Type.Object({
      task_id: Type.String(),
      agent_id: Type.String(),
      agent_version: Type.Integer(),
      trigger: StringEnum(TASK_TRIGGERS, {
        description: 'What created the task. `test`: a person tried the agent out.',
      }),
      status: StringEnum(['SUCCESS', 'FAILURE']),
      result: PublicTaskResult,
      created_at: Time('When the task was triggered.'),
      started_at: TimeOrNull('When the first attempt started.'),
      finished_at: Time('When the task ended.'),
    }),
  },
  { $id: 'CallbackPayload' },
);
export type CallbackPayload = Static<typeof CallbackPayload>;

/** The body that is posted to a callback's URL when a task begins to wait for a decision. */
export const ActionRequiredPayload = Type.Object(
  {
    type: StringEnum(['task.action_required']),
    timestamp: Time('When the task asked.'),
    data: Type.Object({
      task_id: Type.String(),
      call_id: Type.String({ description: 'Identifies the call within its task.' }),
      agent_id: Type.String(),
      agent_version: Type.Integer(),
      trigger: StringEnum(TASK_TRIGGERS, { description: 'What created the task.' }),
      kind: StringEnum(ASK_KINDS),
      tool: Type.String(),
      arguments: Type.Optional(
        Type.Unknown({ description: 'Missing unless the agent’s `public_result` is `full`.' }),
      ),
      question: Type.Optional(
        Type.String({ description: 'Missing unless the agent’s `public_result` is `full`.' }),
      ),
      asked_at: Time(),
      expires_at: Time(),
      url: Type.String({
        description:
          'A signed one-time link: a page on which to decide, without a key. For a `callback`, the URL that the ' +
          'other system posts to.',
      }),
    }),
  },
  { $id: 'ActionRequiredPayload' },
);
export type ActionRequiredPayload = Static<typeof ActionRequiredPayload>;

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed', 'skipped'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

const REASONS = DELIVERY_REASONS.map(
  (reason) => `- \`${reason}\`: ${DELIVERY_REASON_TEXTS[reason].cause}`,
).join('\n');

export const DeliveryAttempt = Type.Object({
  at: Time('When the request was made.'),
  response_status: Type.Union([Type.Integer(), Type.Null()], {
    description: 'null if no answer came.',
  }),
  error: Type.Union([Type.String(), Type.Null()], {
    description: 'Why the attempt does not count as delivered.',
  }),
  outcome_unknown: Type.Optional(
    Type.Boolean({
      description:
        '`true` if the request may have arrived although no answer was read: the worker died, or the connection ' +
        'broke. The next attempt repeats it, unless its receiver can be asked whether it has it.',
    }),
  ),
  duration_ms: Type.Integer(),
  response_excerpt: Type.Union([Type.String(), Type.Null()], {
    description: 'The first KiB of the answer, as text. null for an API key that may not see payloads.',
  }),
});
export type DeliveryAttempt = Static<typeof DeliveryAttempt>;

/** One entry of an agent's delivery log. */
export const Delivery = Type.Object(
  {
    id: Type.String({ description: 'The `webhook-id` header, which is the same in each attempt.' }),
    task_id: OrNull(Type.String(), 'null if it reports an alert.'),
    agent_id: Type.String(),
    type,
    url: Type.String({ description: 'The URL of the last attempt or, before it, of the next one.' }),
    destination: Type.Optional(
      Type.Object(
        { name: Type.String(), type: StringEnum(DESTINATION_TYPES) },
        { description: 'The destination that it goes to, if that is not the callback.' },
      ),
    ),
    status: StringEnum(DELIVERY_STATUSES),
    reason: OrNull(StringEnum(DELIVERY_REASONS), `Why the delivery failed or was skipped.\n${REASONS}`),
    attempts: Type.Array(DeliveryAttempt, { description: 'Oldest first, at most the last 20.' }),
    next_attempt_at: TimeOrNull('When the next attempt is due, while the delivery is pending.'),
    created_at: Time('When it was to be told, or shortly after.'),
  },
  { $id: 'CallbackDelivery' },
);
export type Delivery = Static<typeof Delivery>;

/** What a delivery sends. */
export const DeliveryRequest = Type.Object({
  headers: Type.Record(Type.String(), Type.String(), {
    description: 'Those that are the same in each attempt. Each has a time and a signature of its own.',
  }),
  body: OrNull(
    Type.String(),
    'The exact body. null once the task has expired, for an API key that may not see payloads, and for ' +
      '`task.action_required`, whose link lets its holder decide.',
  ),
});
export type DeliveryRequest = Static<typeof DeliveryRequest>;

export const DeliveryList = Type.Object(
  {
    callbacks: Type.Array(RefTo<Delivery>('CallbackDelivery')),
    next_cursor: Type.Union([Type.String(), Type.Null()], {
      description: 'Pass it as `cursor` to get the next page. null on the last page.',
    }),
  },
  { $id: 'CallbackDeliveryList' },
);
export type DeliveryList = Static<typeof DeliveryList>;
