import { type Static, Type } from '@sinclair/typebox';
import { TimeOrNull } from './shapes.js';
import { WEBHOOK_TOKEN } from './text.js';

/** Upper bound for the body of a webhook request, in bytes. */
export const MAX_PAYLOAD_BYTES = 1024 * 1024;
/** How much of a request's headers a task keeps, in bytes of names and values. */
export const MAX_KEPT_HEADER_BYTES = 8 * 1024;
/** How many headers a request may have. */
export const MAX_HEADERS = 200;
/** How deeply a payload may nest objects and arrays. */
export const MAX_PAYLOAD_DEPTH = 64;
/** How many numbers of a payload may need more than a double, such as ids of 19 digits. Each takes time. */
export const MAX_EXACT_NUMBERS = 50_000;
/** How many fields a form may have, files and empty fields included. */
export const MAX_FORM_FIELDS = 1_000;
/** Upper bound for an agent's input_schema, in bytes of JSON. */
export const MAX_SCHEMA_BYTES = 64 * 1024;

/** The request header that marks retries of the same event. */
export const IDEMPOTENCY_HEADER = 'Idempotency-Key';
/** Maximum number of characters of an idempotency key. */
export const MAX_IDEMPOTENCY_KEY = 256;
/** The form of an idempotency key: visible ASCII characters. */
export const IDEMPOTENCY_KEY = new RegExp(`^[\\x21-\\x7e]{1,${MAX_IDEMPOTENCY_KEY}}$`);
/** How long a key is remembered; never longer than results are kept. */
export const IDEMPOTENCY_TTL_SECONDS = 86_400;
/** The response header that says that an earlier request with the same key created this task. */
export const REPLAYED_HEADER = 'Idempotent-Replayed';

/** A parsed query string. Repeated parameters are a list. */
export const Query = Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]));
export type Query = Static<typeof Query>;

export const MintWebhookBody = Type.Object(
  {
    token: Type.Optional(
      Type.String({
        pattern: WEBHOOK_TOKEN,
        description:
          'A token from another installation, for example of DocsGPT, so that its senders keep their path: ' +
          '32 to 128 letters, digits, `-` and `_`. It is the only credential of the URL, so it must be ' +
          'random. Without it, a new token is created.',
      }),
    ),
    overlap_seconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 30 * 86_400,
        default: 0,
        description: 'How long the old URL keeps working after a rotation. 0 ends it at once.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type MintWebhookBody = Static<typeof MintWebhookBody>;

export const MintedWebhook = Type.Object(
  {
    webhook_url: Type.String({ description: 'Shown only once. AgentHook keeps only a hash of its token.' }),
    token: Type.String(),
    previous_expires_at: TimeOrNull(),
  },
  { $id: 'MintedWebhook' },
);
export type MintedWebhook = Static<typeof MintedWebhook>;

/** What a sender is answered once its event is stored. */
export const TaskAccepted = Type.Object(
  { success: Type.Literal(true), task_id: Type.String() },
  { $id: 'TaskAccepted' },
);
export type TaskAccepted = Static<typeof TaskAccepted>;

/** The task that a replay or an accepted rejection created. */
export const TaskCreated = Type.Object({ task_id: Type.String() }, { $id: 'TaskCreated' });
export type TaskCreated = Static<typeof TaskCreated>;
