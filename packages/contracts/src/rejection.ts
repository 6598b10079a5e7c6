import { type Static, Type } from '@sinclair/typebox';
import { ERROR_CODES } from './errors.js';
import { ProblemIssue } from './problem.js';
import { StringEnum, Time } from './shapes.js';
import { Cursor } from './text.js';
import { Query } from './webhook.js';

/** How many rejections are kept per agent. */
export const MAX_REJECTIONS = 100;
/**
 * How much of a rejected body is shown, in bytes. Also what remains of it when there is no room to keep more.
 */
export const SHOWN_REJECTION_BYTES = 16 * 1024;

/** A rejected request to a known webhook. It is kept so that people can find the cause and run it later. */
export const Rejection = Type.Object(
  {
    id: Type.String({ description: 'For example `rej_…`.' }),
    at: Time(),
    code: StringEnum(ERROR_CODES, { description: 'The error code that the sender received.' }),
    status: Type.Integer({ description: 'The HTTP status that the sender received.' }),
    detail: Type.String({ description: 'The detail that the sender received.' }),
    errors: Type.Optional(Type.Array(ProblemIssue)),
    errors_total: Type.Optional(Type.Integer({ description: 'How many errors were found.' })),
    method: Type.String(),
    content_type: Type.Union([Type.String(), Type.Null()]),
    headers: Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()]), {
      description:
        'Header names are in lower case. null: the header was sent, but may hold a credential, so its ' +
        'value was not kept.',
    }),
    query: Type.Optional(
      Type.Unsafe<Query>({ ...Query, description: 'The query string of a POST, parsed, if it has one.' }),
    ),
    body: Type.String({
      description: 'The body as text, or the query string of a GET. At most 16 KiB.',
    }),
    body_bytes: Type.Union([Type.Integer(), Type.Null()], {
      description: 'The size of the body. null if the request was rejected before all of it had arrived.',
    }),
    truncated: Type.Boolean({
      description: 'Whether part of the body was not kept. If so, the request cannot be accepted.',
    }),
    accepted: Type.Union([Type.Object({ at: Time(), task_id: Type.String() }), Type.Null()], {
      description: 'The task that was later created from it.',
    }),
  },
  { $id: 'Rejection' },
);
export type Rejection = Static<typeof Rejection>;

/** The query of a list of events of all agents that created no task. */
export const KeptEventQuery = Type.Object({
  agent_id: Type.Optional(
    Type.Array(Type.String(), {
      maxItems: 100,
      description: 'Only of these agents. Repeat the parameter for more than one.',
    }),
  ),
  from: Type.Optional(Type.String({ format: 'date-time', description: 'Only from this time on.' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Only from before this time.' })),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  cursor: Type.Optional(Cursor()),
});
export type KeptEventQuery = Static<typeof KeptEventQuery>;

export const RejectionQuery = Type.Object({
  ...KeptEventQuery.properties,
  code: Type.Optional(StringEnum(ERROR_CODES, { description: 'Only refusals with this error code.' })),
});
export type RejectionQuery = Static<typeof RejectionQuery>;

/** A page of the rejections of all agents. */
export const AllRejections = Type.Object({
  events: Type.Array(
    Type.Object({
      agent_id: Type.String(),
      event: Type.Union([Type.Ref('Rejection'), Type.Ref('WithheldRejection')]),
    }),
    { description: 'Newest first.' },
  ),
  next_cursor: Type.Union([Type.String(), Type.Null()], {
    description: 'Pass it as `cursor` to get the next page. null on the last page.',
  }),
});

export const RejectionList = Type.Object({
  rejections: Type.Array(Type.Union([Type.Ref('Rejection'), Type.Ref('WithheldRejection')])),
  next_cursor: Type.Union([Type.String(), Type.Null()], {
    description: 'Pass it as `cursor` to get the next page. null on the last page.',
  }),
});
