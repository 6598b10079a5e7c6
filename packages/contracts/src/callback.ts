import { type Static, Type } from '@sinclair/typebox';
import { PublicTaskResult } from './public-result.js';
import { TASK_TRIGGERS, type TaskTrigger } from './task-list.js';

const time = (description: string) => Type.String({ format: 'date-time', description });
const timeOrNull = (description: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description });

/** What a callback's secret begins with, before its base64 (Standard Webhooks, "Signature scheme"). */
export const CALLBACK_SECRET_PREFIX = 'whsec_';
/** How many bytes a callback's secret may have (Standard Webhooks, "Signature scheme"). */
export const CALLBACK_SECRET_BYTES = { min: 24, max: 64 };
/** How many deliveries an agent's log keeps. */
export const MAX_DELIVERIES = 1_000;
/** How much of an answer the log keeps, in bytes. */
export const RESPONSE_EXCERPT_BYTES = 1_024;

const url = Type.String({
  minLength: 1,
  maxLength: 2_048,
  description:
    'Where the end of each task is posted to, http or https. Addresses that are not public need EGRESS_ALLOW.',
});

/** The part of a callback that a version of an agent keeps. */
export const CallbackConfig = Type.Object({ url });
export type CallbackConfig = Static<typeof CallbackConfig>;

/** The callback in the body of POST, PUT and PATCH. */
export const CallbackInput = Type.Object(
  {
    url,
    secret: Type.Optional(
      Type.Union(
        [Type.String({ maxLength: 100, pattern: '^whsec_[A-Za-z0-9+/]+={0,2}$' }), Type.Literal(true)],
        {
          description:
            '`whsec_` and the base64 of 24 to 64 bytes. Left out, or `true`: the stored one stays; where there is none, ' +
            'one is made and shown in this answer alone.',
        },
      ),
    ),
  },
  { additionalProperties: false },
);
export type CallbackInput = Static<typeof CallbackInput>;

export const CallbackDisabled = Type.Object({
  at: time('When deliveries stopped.'),
  reason: Type.String({ description: 'For people.' }),
});
export type CallbackDisabled = Static<typeof CallbackDisabled>;

/** An agent's callback as the API shows it. */
export const CallbackInfo = Type.Object({
  url,
  secret: Type.Union([Type.Literal(true), Type.String()], {
    description:
      '`true`: there is one. The text itself stands in the one answer to the request that had it made.',
  }),
  previous_expires_at: timeOrNull(
    'Until when deliveries are signed with the secret before the last rotation too.',
  ),
  disabled: Type.Union([CallbackDisabled, Type.Null()], {
    description:
      'Set after repeated failure. Saving the callback anew, or POST …/callback/enable, takes it away.',
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
        description: 'How long deliveries carry a signature by the old secret too; 0: not at all.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type RotateCallbackBody = Static<typeof RotateCallbackBody>;

export const RotatedCallback = Type.Object(
  {
    secret: Type.String({ description: 'Shown this once.' }),
    previous_expires_at: timeOrNull('Until when deliveries are signed with the old one too.'),
  },
  { $id: 'RotatedCallback' },
);
export type RotatedCallback = Static<typeof RotatedCallback>;

export const CALLBACK_TYPES = ['task.succeeded', 'task.failed'] as const;
export type CallbackType = (typeof CALLBACK_TYPES)[number];
const type = Type.Unsafe<CallbackType>({ type: 'string', enum: [...CALLBACK_TYPES] });

/** What is posted to a callback's URL. */
export const CallbackPayload = Type.Object(
  {
    type,
    timestamp: time('When the task ended.'),
    data: Type.Object({
      task_id: Type.String(),
      agent_id: Type.String(),
      agent_version: Type.Integer(),
      trigger: Type.String({
        enum: [...TASK_TRIGGERS],
        description: 'What made the task: `test` is one that a person tried out.',
      }),
      status: Type.String({ enum: ['SUCCESS', 'FAILURE'] }),
      result: PublicTaskResult,
      created_at: time('When the task was triggered.'),
      started_at: timeOrNull('When its first attempt started.'),
      finished_at: time('When it ended.'),
    }),
  },
  { $id: 'CallbackPayload' },
);
export interface CallbackPayload {
  type: CallbackType;
  timestamp: string;
  data: {
    task_id: string;
    agent_id: string;
    agent_version: number;
    trigger: TaskTrigger;
    status: 'SUCCESS' | 'FAILURE';
    result: PublicTaskResult;
    created_at: string;
    started_at: string | null;
    finished_at: string;
  };
}

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed', 'skipped'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Why a delivery ended other than delivered. */
export const DELIVERY_REASONS = [
  'exhausted',
  'gone',
  'refused',
  'task_expired',
  'worker_lost',
  'callback_disabled',
  'callback_removed',
  'agent_deleted',
] as const;
export type DeliveryReason = (typeof DELIVERY_REASONS)[number];

export const DeliveryAttempt = Type.Object({
  at: time('When the request was made.'),
  response_status: Type.Union([Type.Integer(), Type.Null()], {
    description: 'null where there was no answer.',
  }),
  error: Type.Union([Type.String(), Type.Null()], { description: 'Why it does not count as delivered.' }),
  duration_ms: Type.Integer(),
  response_excerpt: Type.Union([Type.String(), Type.Null()], {
    description: 'The first KiB of the answer, as text; null for an API key that may not see payloads.',
  }),
});
export type DeliveryAttempt = Static<typeof DeliveryAttempt>;

/** One entry of an agent's delivery log. */
export const Delivery = Type.Object(
  {
    id: Type.String({ description: 'The `webhook-id` header: the same with each attempt.' }),
    task_id: Type.String(),
    agent_id: Type.String(),
    type,
    url: Type.String({ description: 'Where the last attempt went, or the next one would.' }),
    status: Type.Unsafe<DeliveryStatus>({ type: 'string', enum: [...DELIVERY_STATUSES] }),
    reason: Type.Unsafe<DeliveryReason | null>({
      anyOf: [{ type: 'string', enum: [...DELIVERY_REASONS] }, { type: 'null' }],
      description: 'Why it failed or was skipped.',
    }),
    attempts: Type.Array(DeliveryAttempt, { description: 'Oldest first, the last 20 at most.' }),
    next_attempt_at: timeOrNull('While it is pending.'),
    created_at: time('When the task ended, or soon after.'),
  },
  { $id: 'CallbackDelivery' },
);
export type Delivery = Static<typeof Delivery>;

export const DeliveryList = Type.Object(
  {
    callbacks: Type.Array(Type.Ref('CallbackDelivery')),
    next_cursor: Type.Union([Type.String(), Type.Null()], {
      description: 'Pass it as `cursor` to get the next page; null on the last page.',
    }),
  },
  { $id: 'CallbackDeliveryList' },
);
export type DeliveryList = { callbacks: Delivery[]; next_cursor: string | null };
