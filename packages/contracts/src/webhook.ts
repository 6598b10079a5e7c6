import { type Static, Type } from '@sinclair/typebox';

/** How much of a webhook request's body is taken, in bytes. */
export const MAX_PAYLOAD_BYTES = 1024 * 1024;
/** How many headers a request may have. */
export const MAX_HEADERS = 200;
/** How deeply a payload may nest objects and arrays. */
export const MAX_PAYLOAD_DEPTH = 64;
/** How large an agent's input_schema may be, in bytes of JSON. */
export const MAX_SCHEMA_BYTES = 64 * 1024;

/** The header by which a sender says that a request is a retry. */
export const IDEMPOTENCY_HEADER = 'Idempotency-Key';
/** What an idempotency key may be: 1 to 255 visible ASCII characters. */
export const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;
/** How long a key is remembered; no longer than results are kept. */
export const IDEMPOTENCY_TTL_SECONDS = 86_400;
/** The answer's header that says: this task was stored by an earlier request of the same key. */
export const REPLAYED_HEADER = 'Idempotent-Replayed';

export const MintWebhookBody = Type.Object(
  {
    overlap_seconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 30 * 86_400,
        default: 0,
        description: 'How long the old URL keeps working after a rotation; 0 ends it now.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type MintWebhookBody = Static<typeof MintWebhookBody>;

export const MintedWebhook = Type.Object(
  {
    webhook_url: Type.String({ description: 'Shown this once; only a hash of its token is kept.' }),
    token: Type.String(),
    previous_expires_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
  },
  { $id: 'MintedWebhook' },
);
export type MintedWebhook = Static<typeof MintedWebhook>;

export const TaskAccepted = Type.Object({ task_id: Type.String() }, { $id: 'TaskAccepted' });
export type TaskAccepted = Static<typeof TaskAccepted>;
