import { type Static, Type } from '@sinclair/typebox';
import { OrNull, RefTo, StringEnum, Time } from './shapes.js';

/** How long entries of the audit log are kept, in days, and how many at most. */
export const AUDIT_DAYS = 400;
export const MAX_AUDIT_ENTRIES = 50_000;

/** Who can make a change: a stored key, the key of the environment, or someone with a link. */
export const ACTOR_KINDS = ['key', 'environment', 'link'] as const;

/** How a change ended. `unknown`: the process that made it died meanwhile. */
export const AUDIT_OUTCOMES = ['done', 'failed', 'unknown'] as const;

export const AuditActor = Type.Object({
  kind: StringEnum(ACTOR_KINDS, {
    description: '`environment`: ADMIN_API_KEY. `link`: someone with the link of an approval or a callback.',
  }),
  key_id: OrNull(Type.String()),
  name: Type.String({ description: 'The name that the key had.' }),
  session_id: OrNull(Type.String(), 'The session in which it was made, if it came from a browser.'),
});

/** One change that someone has made. It has no content and no secret. */
export const AuditEntry = Type.Object(
  {
    id: Type.String(),
    at: Time('When the change began.'),
    actor: AuditActor,
    action: Type.String({ description: 'The `operationId` of the request in this description.' }),
    object: Type.Object(
      {
        type: Type.String({ description: 'For example `agent`, `key`, `task`, `budget`.' }),
        id: OrNull(Type.String()),
      },
      { description: 'What was changed.' },
    ),
    details: Type.Record(Type.String(), Type.String(), {
      description: 'Ids of parts of the object, and the decision about an approval.',
    }),
    before: OrNull(
      Type.String(),
      'SHA-256 of the object before the change, without secrets. null if it did not exist or is not compared.',
    ),
    after: OrNull(Type.String(), 'The same after the change. The object did not change if both are equal.'),
    outcome: StringEnum(AUDIT_OUTCOMES, {
      description:
        '`failed`: it was answered with 5xx, and may have happened. `unknown`: the process died meanwhile.',
    }),
  },
  { $id: 'AuditEntry' },
);
export type AuditEntry = Static<typeof AuditEntry>;

const filter = {
  actor: Type.Optional(
    Type.String({ maxLength: 200, description: 'The id or name of a key, or a session.' }),
  ),
  action: Type.Optional(Type.String({ maxLength: 100, description: 'For example `patchAgent`.' })),
  object: Type.Optional(Type.String({ maxLength: 200, description: 'The id or the type of an object.' })),
  from: Type.Optional(Type.String({ format: 'date-time' })),
  to: Type.Optional(Type.String({ format: 'date-time' })),
};

export const AuditQuery = Type.Object(
  {
    ...filter,
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
    cursor: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,14}-\\d{1,10}$' })),
  },
  { additionalProperties: false },
);
export type AuditQuery = Static<typeof AuditQuery>;

export const AuditExportQuery = Type.Object(
  { ...filter, format: StringEnum(['ndjson', 'csv'] as const, { default: 'ndjson' }) },
  { additionalProperties: false },
);
export type AuditExportQuery = Static<typeof AuditExportQuery>;

export const AuditList = Type.Object({
  entries: Type.Array(RefTo<AuditEntry>('AuditEntry'), { description: 'Newest first.' }),
  next_cursor: OrNull(Type.String(), 'Pass it as `cursor` to get the next page. null on the last page.'),
});
export type AuditList = Static<typeof AuditList>;
