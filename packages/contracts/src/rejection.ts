import { type Static, Type } from '@sinclair/typebox';
import { ERROR_CODES, type ErrorCode, ProblemIssue } from './problem.js';

/** How many refused requests are kept of each agent. */
export const MAX_REJECTIONS = 100;
/** How much of a refused request's body is shown, in bytes; also what is left where no more can be kept. */
export const SHOWN_REJECTION_BYTES = 16 * 1024;

const time = Type.String({ format: 'date-time' });

/** A request to a known webhook that was refused, kept so that its cause can be found and it can be run after all. */
export const Rejection = Type.Object(
  {
    id: Type.String({ description: 'As in `rej_…`.' }),
    at: time,
    code: Type.String({ enum: [...ERROR_CODES], description: 'As the sender was answered.' }),
    status: Type.Integer({ description: 'As the sender was answered.' }),
    detail: Type.String({ description: 'As the sender was answered.' }),
    errors: Type.Optional(Type.Array(ProblemIssue)),
    errors_total: Type.Optional(Type.Integer({ description: 'How many faults were found.' })),
    method: Type.String(),
    content_type: Type.Union([Type.String(), Type.Null()]),
    headers: Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()]), {
      description: 'Names in lower case. null: it was sent, but may hold a credential and was not kept.',
    }),
    body: Type.String({
      description: 'The body, or the query string of a GET, as text: up to 16 KiB of it.',
    }),
    body_bytes: Type.Union([Type.Integer(), Type.Null()], {
      description: 'How large it was; null where it was refused before all of it had come.',
    }),
    truncated: Type.Boolean({
      description: 'Whether less than all of it was kept. Then it can not be accepted.',
    }),
    accepted: Type.Union([Type.Object({ at: time, task_id: Type.String() }), Type.Null()], {
      description: 'The task that was made of it after all.',
    }),
  },
  { $id: 'Rejection' },
);
export type Rejection = Omit<Static<typeof Rejection>, 'code'> & { code: ErrorCode };

export const RejectionList = Type.Object({
  rejections: Type.Array(Type.Union([Type.Ref('Rejection'), Type.Ref('WithheldRejection')])),
  next_cursor: Type.Union([Type.String(), Type.Null()], {
    description: 'Pass it as `cursor` to get the next page; null on the last page.',
  }),
});
