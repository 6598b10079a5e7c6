import { type Static, Type } from '@sinclair/typebox';
import { ERROR_CODES, problemType } from './errors.js';
import { StringEnum } from './shapes.js';

/** How many faults an error answer names. */
export const MAX_PROBLEM_ISSUES = 20;

export const ProblemIssue = Type.Object({
  path: Type.String({
    description: 'JSON Pointer (RFC 6901) to the value at fault; empty for the whole body, query or payload.',
  }),
  message: Type.String(),
  line: Type.Optional(Type.Integer({ description: 'For templates: the line, from 1.' })),
  column: Type.Optional(Type.Integer({ description: 'For templates: the column, from 1.' })),
});
export type ProblemIssue = Static<typeof ProblemIssue>;

/** RFC 9457 problem details, with a stable `code` for programs. */
export const Problem = Type.Object(
  {
    type: Type.String({
      description: `Names the kind of problem: \`${problemType('invalid_request')}\` and the like. This server explains it at that address.`,
    }),
    title: Type.String({ description: 'The kind of problem, the same in every answer of this code.' }),
    status: Type.Integer(),
    detail: Type.String({ description: 'What happened here and what to do about it.' }),
    code: StringEnum(ERROR_CODES, { description: 'Stable; switch on this.' }),
    request_id: Type.Optional(
      Type.String({
        description: 'With `internal`: names the lines of the log. Also the header `X-Request-Id`.',
      }),
    ),
    errors: Type.Optional(
      Type.Array(ProblemIssue, { maxItems: MAX_PROBLEM_ISSUES, description: 'The first faults.' }),
    ),
    errors_total: Type.Optional(
      Type.Integer({
        description:
          'How many faults were found, those beyond `errors` included. Checking a large request ends at its first fault.',
      }),
    ),
  },
  { $id: 'Problem', description: 'An error, as RFC 9457 problem details.' },
);
export type Problem = Static<typeof Problem>;
