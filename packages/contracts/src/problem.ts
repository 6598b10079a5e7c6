import { type Static, Type } from '@sinclair/typebox';

/** Every stable `code` that a problem+json answer of the API may carry. */
export const ERROR_CODES = [
  'invalid_request',
  'invalid_json',
  'invalid_form',
  'empty_body',
  'invalid_idempotency_key',
  'idempotency_key_reused',
  'invalid_payload',
  'invalid_signature',
  'payload_too_large',
  'headers_too_large',
  'request_timeout',
  'payload_too_deep',
  'unsupported_media_type',
  'expectation_failed',
  'unauthorized',
  'forbidden',
  'too_many_failures',
  'unknown_api_key',
  'unknown_session',
  'too_many_api_keys',
  'unknown_webhook',
  'agent_disabled',
  'method_not_allowed',
  'missing_task_id',
  'unknown_task',
  'task_finished',
  'task_not_finished',
  'rate_limited',
  'too_many_pending',
  'unknown_agent',
  'unknown_version',
  'agent_too_large',
  'too_many_versions',
  'unknown_rejection',
  'rejection_truncated',
  'unknown_document',
  'unreadable_document',
  'document_too_large',
  'too_many_documents',
  'invalid_template',
  'invalid_schema',
  'unknown_model',
  'unknown_price',
  'version_conflict',
  'no_callback',
  'callback_disabled',
  'unknown_delivery',
  'not_found',
  'too_many_streams',
  'busy',
  'redis_unavailable',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** How many faults an error answer names. */
export const MAX_PROBLEM_ISSUES = 20;

export const ProblemIssue = Type.Object({
  path: Type.String({ description: 'JSON Pointer (RFC 6901) to the value at fault.' }),
  message: Type.String(),
  line: Type.Optional(Type.Integer({ description: 'For templates: the line, from 1.' })),
  column: Type.Optional(Type.Integer({ description: 'For templates: the column, from 1.' })),
});
export type ProblemIssue = Static<typeof ProblemIssue>;

/** RFC 9457 problem details, with a stable `code` for programs. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'A URI reference that names the kind of problem.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What happened here and what to do about it.' }),
    code: Type.String({ enum: [...ERROR_CODES], description: 'Stable; switch on this.' }),
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
