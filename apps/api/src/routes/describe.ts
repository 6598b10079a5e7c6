import type { ErrorCode, Problem } from '@agenthook/contracts';
import { type TSchema, Type } from '@sinclair/typebox';
import { problemOf, statusOf } from '../plugins/problems.js';

/** What each code says to a caller, for the examples of the documentation. */
const DETAILS: Partial<Record<ErrorCode, string>> = {
  invalid_request: 'The request is not valid: /limits/timeout_seconds must be <= 3600.',
  invalid_json: 'The body is not valid JSON.',
  empty_body: 'The request has no body; send JSON, for example {"question": "…"}.',
  invalid_form: 'A form field may not be called __proto__.',
  invalid_idempotency_key: 'Idempotency-Key must be one header of 1 to 255 visible ASCII characters.',
  idempotency_key_reused:
    'This Idempotency-Key came with another body before. Send a retry unchanged, and a new event with a new key.',
  invalid_payload: "The payload does not match the agent's input_schema: /question must be string.",
  invalid_signature: 'The signature is refused: X-Hub-Signature-256 is missing.',
  invalid_schema: 'input_schema is not a JSON Schema that works: schema is invalid: data/type must be …',
  payload_too_large: 'The body may have 1 MiB at most.',
  unsupported_media_type: 'Send application/json or, to a webhook, application/x-www-form-urlencoded.',
  unauthorized: 'This route needs an API key: send "Authorization: Bearer <key>".',
  forbidden: 'This needs a key with the role operator; yours has viewer.',
  too_many_failures: 'Too many wrong API keys came from your address. Try again in 42 s.',
  unknown_api_key: 'There is no API key key_0198….',
  unknown_session: 'There is no such session, or it has ended.',
  too_many_api_keys:
    'There are 200 API keys, and no more may be made. Delete one first; expired ones count too.',
  unknown_webhook: 'No webhook has this address. It may have been rotated or revoked.',
  agent_disabled: 'The agent of this webhook is disabled.',
  method_not_allowed: 'Webhooks take POST.',
  missing_task_id: 'Name the task: /api/task_status?task_id=…',
  unknown_task: 'There is no such task, or its result has expired.',
  task_finished: 'The task had ended before it could be cancelled.',
  task_not_finished: 'The task has not ended. Cancel it first, or wait for its end.',
  rate_limited: 'The agent takes 60 tasks a minute. Send this again in 1 s.',
  too_many_pending: 'The agent has 10000 tasks that wait, as many as it takes. Send this again later.',
  unknown_agent: 'There is no agent agt_0198….',
  unknown_version: 'The agent agt_0198… has no version 3, or it is kept no longer.',
  agent_too_large: 'An agent may have 1024 KiB of JSON as a whole. Put long texts into documents.',
  too_many_versions:
    'Tasks that have not ended need so many older versions that there is no room for another. Let them end, or cancel them.',
  unknown_rejection: 'The agent has no rejection rej_0198….',
  rejection_truncated:
    'Not all of this request was kept, so it can not be run. Have its sender send it again.',
  unknown_document: 'The agent has no document doc_0198….',
  unreadable_document: 'There is no text in the PDF: it seems to be a scan. Run OCR over it first.',
  document_too_large: 'A document may have 2 MiB of text at most. Split it.',
  too_many_documents: 'An agent may have 200 documents and 20 MiB of text at most. Remove one first.',
  invalid_template: 'The template does not parse: input_template, line 2, column 3: tag "if" not closed',
  unknown_model: 'No provider offers "gpt". Write provider:model.',
  version_conflict: 'The agent is at version 4, not 3. Read it again and repeat the change.',
  no_callback: 'The agent has no callback. Set one first: PATCH it with {"callback": {"url": "https://…"}}.',
  callback_disabled:
    "The agent's callback is disabled. Enable it first: POST /api/agents/{id}/callback/enable.",
  unknown_delivery: 'The agent has no delivery cb-5e1f6a70-…, or it has expired.',
  too_many_streams: 'Too many readers are connected; come back in a moment.',
  redis_unavailable: 'The task store is unavailable or not accepting writes. Nothing was stored; try again.',
};

/** The error answers of a route, each code with an example: the default one, or `[code, detail]`. */
export function problems(...refusals: (ErrorCode | [ErrorCode, string])[]): Record<number, TSchema> {
  const details = new Map(
    refusals.map((refusal) =>
      typeof refusal === 'string' ? ([refusal, DETAILS[refusal] ?? refusal] as const) : refusal,
    ),
  );
  const codes = [...details.keys()];
  const answers: Record<number, TSchema> = {};
  for (const status of new Set(codes.map(statusOf))) {
    const group = codes.filter((code) => statusOf(code) === status);
    const examples: Record<string, { value: Problem }> = {};
    for (const code of group) examples[code] = { value: problemOf(code, details.get(code) ?? code) };
    answers[status] = Type.Unsafe({
      description: group.map((code) => `\`${code}\``).join(', '),
      content: { 'application/problem+json': { schema: Type.Ref('Problem'), examples } },
    });
  }
  return answers;
}

/** A 2xx answer with an example. */
export const answer = (description: string, schema: TSchema, example: unknown): TSchema =>
  Type.Unsafe({
    description,
    content: { 'application/json': { schema, examples: { example: { value: example } } } },
  });

/**
 * A schema with named examples. The OpenAPI generator drops anything beside a $ref, so a reference goes into
 * an allOf.
 */
export const withExamples = (schema: TSchema, examples: Record<string, unknown>): TSchema =>
  Type.Unsafe({ ...('$ref' in schema ? { allOf: [schema] } : schema), 'x-examples': named(examples) });

const named = (examples: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));
