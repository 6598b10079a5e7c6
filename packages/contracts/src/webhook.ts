import { type Static, Type } from '@sinclair/typebox';

/** How much of a webhook request's body is taken, in bytes. */
export const MAX_PAYLOAD_BYTES = 1024 * 1024;
/** How deeply a payload may nest objects and arrays. */
export const MAX_PAYLOAD_DEPTH = 64;

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
