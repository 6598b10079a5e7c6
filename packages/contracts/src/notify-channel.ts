import { type Static, type TObject, type TProperties, Type } from '@sinclair/typebox';
import { CALLBACK_SECRET_PATTERN, DELIVERY_STATUSES, DeliveryAttempt } from './callback.js';
import { DELIVERY_REASONS } from './failures.js';
import { CHANNEL_NAME } from './notified.js';
import { OrNull, RefTo, StringEnum, Time, TimeOrNull } from './shapes.js';
import { Cursor } from './text.js';
import { HttpUrl } from './tools/common.js';

/** How many notify channels may exist. */
export const MAX_CHANNELS = 50;
/** How many receivers a mail may have. */
export const MAX_MAIL_RECEIVERS = 20;

export const ChannelName = Type.String({
  pattern: CHANNEL_NAME,
  description: 'Small letters, digits and hyphens. Agents and rules use it; it never changes.',
});

const MailAddress = (description: string) =>
  Type.String({ maxLength: 320, pattern: '^[^\\s@<>,;:"()\\\\]{1,64}@[A-Za-z0-9.-]{1,253}$', description });

/**
 * Every type of channel with its fields. For another one, add its fields here, and a file in
 * packages/core/src/deliveries/notices/kinds.
 */
export const CHANNEL_FIELDS = {
  slack: { url: HttpUrl('The URL of an incoming webhook of Slack. A secret.') },
  discord: { url: HttpUrl('The URL of a webhook of Discord. A secret.') },
  telegram: {
    token: Type.String({
      pattern: '^[0-9]{1,20}:[A-Za-z0-9_-]{10,100}$',
      description: "The bot's token. A secret.",
    }),
    chat_id: Type.String({ pattern: '^(-?[0-9]{1,20}|@[A-Za-z0-9_]{1,64})$', description: 'The chat.' }),
    base_url: Type.Optional(HttpUrl('The URL of a Bot API server that you host.')),
  },
  webhook: {
    url: HttpUrl('Gets each event as signed JSON, as callbacks are.'),
    secret: Type.Optional(
      Type.String({
        maxLength: 100,
        pattern: CALLBACK_SECRET_PATTERN,
        description:
          '`whsec_` and base64. If missing, one is created and shown only in this answer. A secret.',
      }),
    ),
  },
  email: {
    to: Type.Array(MailAddress('A mail address.'), {
      minItems: 1,
      maxItems: MAX_MAIL_RECEIVERS,
      uniqueItems: true,
    }),
    from: MailAddress('The address of the sender.'),
    smtp_url: Type.Optional(
      Type.String({
        maxLength: 1_000,
        pattern: '^smtps?://[^\\s/?#]+/?$',
        description:
          '`smtps://user:password@host:port`, or `smtp://…` for STARTTLS. Default: the SMTP_URL of the workers. A ' +
          'secret.',
      }),
    ),
  },
} as const satisfies Record<string, TProperties>;

export type ChannelType = keyof typeof CHANNEL_FIELDS;
export const CHANNEL_TYPES = Object.keys(CHANNEL_FIELDS) as ChannelType[];

/** The fields of each type that are stored sealed and never shown. */
export const CHANNEL_SECRETS: Readonly<Record<ChannelType, readonly string[]>> = {
  slack: ['url'],
  discord: ['url'],
  telegram: ['token'],
  webhook: ['secret'],
  email: ['smtp_url'],
};

const inputOf = <Kind extends ChannelType>(type: Kind) =>
  Type.Object(
    { name: ChannelName, type: Type.Literal(type), ...CHANNEL_FIELDS[type] },
    { title: type, additionalProperties: false },
  );

/** The settings of an open channel: its fields with its secrets, without its name. */
export type ChannelSettings<Kind extends ChannelType> = Static<TObject<(typeof CHANNEL_FIELDS)[Kind]>>;

/** A channel as it is given. `type` selects the schema, so that an error can name the field. */
export type NotifyChannelInput = {
  [Kind in ChannelType]: { name: string; type: Kind } & ChannelSettings<Kind>;
}[ChannelType];
export const NotifyChannelInput = Type.Unsafe<NotifyChannelInput>({
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: CHANNEL_TYPES.map(inputOf),
});

const { slack, telegram, webhook, email } = CHANNEL_FIELDS;

/** Body of PATCH. Fields that are left out stay, secrets included. */
export const NotifyChannelPatch = Type.Object(
  {
    url: Type.Optional(slack.url),
    token: Type.Optional(telegram.token),
    chat_id: Type.Optional(telegram.chat_id),
    base_url: telegram.base_url,
    secret: webhook.secret,
    to: Type.Optional(email.to),
    from: Type.Optional(email.from),
    smtp_url: email.smtp_url,
  },
  { $id: 'NotifyChannelPatch', additionalProperties: false },
);
export type NotifyChannelPatch = Static<typeof NotifyChannelPatch>;

const hidden = (description: string) =>
  Type.Optional(Type.Literal(true, { description: `${description} \`true\`: one is stored.` }));

/** A channel as the API shows it. */
export const NotifyChannel = Type.Object(
  {
    id: Type.String(),
    name: ChannelName,
    type: StringEnum(CHANNEL_TYPES),
    url: Type.Optional(
      Type.Union([Type.Literal(true), Type.String()], {
        description: 'The URL of a `webhook`. `true`: the URL of `slack` or `discord` is a secret.',
      }),
    ),
    token: hidden("The bot's token."),
    chat_id: Type.Optional(Type.String()),
    base_url: Type.Optional(Type.String()),
    secret: Type.Optional(
      Type.Union([Type.Literal(true), Type.String()], {
        description:
          '`true`: a secret is stored. It appears only in the answer to the request that created it.',
      }),
    ),
    to: Type.Optional(Type.Array(Type.String())),
    from: Type.Optional(Type.String()),
    smtp_url: hidden('The SMTP server.'),
    created_at: Time(),
    updated_at: Time(),
  },
  { $id: 'NotifyChannel' },
);
export type NotifyChannel = Static<typeof NotifyChannel>;

export const NotifyChannelList = Type.Object(
  { channels: Type.Array(RefTo<NotifyChannel>('NotifyChannel')) },
  { $id: 'NotifyChannelList' },
);
export type NotifyChannelList = Static<typeof NotifyChannelList>;

/** What a channel can be told. */
export const NOTICE_TYPES = ['test', 'task.action_required', 'alert.opened', 'alert.resolved'] as const;
export type NoticeType = (typeof NOTICE_TYPES)[number];

/** One message to a channel, and its outcome. */
export const Notification = Type.Object(
  {
    id: Type.String(),
    channel_id: Type.String(),
    type: StringEnum(NOTICE_TYPES),
    receiver: Type.String({ description: 'The host that it is sent to.' }),
    task_id: OrNull(Type.String()),
    status: StringEnum(DELIVERY_STATUSES),
    reason: OrNull(StringEnum(DELIVERY_REASONS), 'Why it failed or was skipped.'),
    attempts: Type.Array(DeliveryAttempt, { description: 'Oldest first, at most the last 20.' }),
    next_attempt_at: TimeOrNull('When the next attempt is due, while it is pending.'),
    created_at: Time(),
  },
  { $id: 'Notification' },
);
export type Notification = Static<typeof Notification>;

export const NotificationQuery = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
  cursor: Type.Optional(Cursor()),
});
export type NotificationQuery = Static<typeof NotificationQuery>;

export const NotificationList = Type.Object(
  {
    notifications: Type.Array(RefTo<Notification>('Notification')),
    next_cursor: OrNull(Type.String(), 'null: the last page.'),
  },
  { $id: 'NotificationList' },
);
export type NotificationList = Static<typeof NotificationList>;
