import { STATUS_CODES } from 'node:http';
import {
  type ErrorCode,
  type Problem,
  type ProblemIssue,
  SIGNATURE_SCHEMAS,
  TOOL_SCHEMAS,
} from '@agenthook/contracts';
import { AppError, isRedisUnavailable } from '@agenthook/core';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';

/** The one place where error codes become HTTP. A new code does not compile until it is named here. */
const STATUS: Record<ErrorCode, number> = {
  invalid_request: 400,
  invalid_json: 400,
  invalid_form: 400,
  empty_body: 400,
  invalid_idempotency_key: 400,
  idempotency_key_reused: 422,
  invalid_payload: 422,
  invalid_signature: 401,
  payload_too_large: 413,
  headers_too_large: 431,
  request_timeout: 408,
  payload_too_deep: 400,
  unsupported_media_type: 415,
  unauthorized: 401,
  forbidden: 403,
  too_many_failures: 429,
  unknown_api_key: 404,
  unknown_session: 404,
  too_many_api_keys: 409,
  unknown_webhook: 404,
  agent_disabled: 403,
  method_not_allowed: 405,
  missing_task_id: 400,
  unknown_task: 404,
  task_finished: 409,
  task_not_finished: 409,
  rate_limited: 429,
  too_many_pending: 429,
  unknown_agent: 404,
  unknown_version: 404,
  agent_too_large: 413,
  too_many_versions: 409,
  unknown_rejection: 404,
  rejection_truncated: 409,
  unknown_document: 404,
  unreadable_document: 422,
  document_too_large: 413,
  too_many_documents: 409,
  invalid_template: 422,
  invalid_schema: 422,
  unknown_model: 422,
  unknown_price: 422,
  version_conflict: 412,
  no_callback: 409,
  callback_disabled: 409,
  unknown_delivery: 404,
  not_found: 404,
  too_many_streams: 503,
  busy: 503,
  redis_unavailable: 503,
  internal: 500,
};

export const statusOf = (code: ErrorCode): number => STATUS[code];

/** How long a caller should wait when Redis is away, in seconds. */
const REDIS_RETRY_SECONDS = 2;

/** Builds the body of an error answer. */
export function problemOf(code: ErrorCode, detail: string, errors?: ProblemIssue[]): Problem {
  const status = statusOf(code);
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: `urn:agenthook:error:${code}`, title, status, detail, code, ...(errors ? { errors } : {}) };
}

/** Sends an error answer as application/problem+json. */
function sendProblem(
  reply: FastifyReply,
  code: ErrorCode,
  detail: string,
  errors?: ProblemIssue[],
): FastifyReply {
  return reply
    .status(statusOf(code))
    .type('application/problem+json')
    .send(JSON.stringify(problemOf(code, detail, errors)));
}

/** Codes of Fastify's own refusals. */
const FASTIFY_CODES: Record<string, { code: ErrorCode; detail?: string }> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'payload_too_large', detail: 'The body may have 1 MiB at most.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported_media_type',
    detail: 'Send application/json or, to a webhook, application/x-www-form-urlencoded.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    code: 'empty_body',
    detail: 'Content-Type says JSON, but the body is empty.',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'invalid_json' },
};

/** What the property that says which schema holds may be. */
const TAGS: Record<string, string[]> = {
  type: Object.keys(TOOL_SCHEMAS),
  scheme: Object.keys(SIGNATURE_SCHEMAS),
};

type Fault = NonNullable<FastifyError['validation']>[number];

/** Whether a fault says only that a value might have been null, or that none of its forms fits, beside one that says more. */
const isAside = (fault: Fault, all: Fault[]): boolean =>
  isOfAlternatives(fault) &&
  all.some((other) => !isOfAlternatives(other) && other.instancePath.startsWith(fault.instancePath));

const isOfAlternatives = ({ keyword, params }: Fault): boolean =>
  keyword === 'anyOf' || (keyword === 'type' && params.type === 'null');

function validationIssues(error: FastifyError): ProblemIssue[] {
  const faults = error.validation ?? [];
  const telling = faults.filter((fault) => !isAside(fault, faults));
  return telling.map(({ instancePath, keyword, params, message }) => {
    const name = keyword === 'additionalProperties' ? params.additionalProperty : params.missingProperty;
    if (keyword === 'discriminator') {
      const tag = String(params.tag);
      return { path: `${instancePath}/${tag}`, message: `must be one of ${TAGS[tag]?.join(', ')}` };
    }
    const path = name === undefined ? instancePath : `${instancePath}/${name}`;
    return {
      path: path || '/',
      message: keyword === 'additionalProperties' ? 'is not known' : (message ?? 'is wrong'),
    };
  });
}

/** How Node says that a request's body broke off. By its code alone it could be Redis's connection that did. */
const isHangUp = ({ code, message }: FastifyError): boolean => code === 'ECONNRESET' && message === 'aborted';

/** What an error answers: its own code, or what it comes down to. */
export function toAppError(error: FastifyError): AppError {
  if (error instanceof AppError) return error;
  if (error.validation) {
    const issues = validationIssues(error);
    const detail = issues.map(({ path, message }) => `${path} ${message}`).join('; ');
    return new AppError('invalid_request', `The request is not valid: ${detail}.`, { issues });
  }
  const known = FASTIFY_CODES[error.code];
  if (known) return new AppError(known.code, known.detail ?? error.message);
  if (isHangUp(error)) return new AppError('invalid_request', 'The request broke off.');
  if (isRedisUnavailable(error)) {
    return new AppError(
      'redis_unavailable',
      'The task store can not be reached, or takes nothing, right now. Nothing was stored; try again.',
      {
        retryAfterSeconds: REDIS_RETRY_SECONDS,
      },
    );
  }
  if (error instanceof SyntaxError)
    return new AppError('invalid_json', `The body is not valid JSON: ${error.message}.`);
  if (error.statusCode !== undefined && error.statusCode < 500)
    return new AppError('invalid_request', error.message);
  return new AppError(
    'internal',
    'Something went wrong on our side. The log has the details under this request id.',
  );
}

/** Refusals whose words may quote a payload, a stored one too. */
const QUOTING: ReadonlySet<ErrorCode> = new Set(['invalid_json', 'invalid_form', 'invalid_payload']);

/** Answers an address that no route has, one that is too long or can not be decoded among them. */
export const answerNotFound = (reply: FastifyReply): FastifyReply =>
  sendProblem(reply, 'not_found', 'There is nothing at this address. The API is described at /docs.');

/** Maps everything that is thrown, and every unknown address, to problem+json. */
export function registerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = toAppError(error);
    if (known.code === 'internal') request.log.error({ reqId: request.id, err: error }, 'request failed');
    if (isHangUp(error)) {
      const { id: reqId, method, routeOptions, ip } = request;
      request.log.info({ reqId, method, route: routeOptions.url, ip }, 'the caller hung up in mid-request');
    }
    if (known.code === 'redis_unavailable')
      request.log.warn({ reqId: request.id, reason: error.message }, 'Redis does not take a command');
    if (known.retryAfterSeconds !== undefined) reply.header('retry-after', known.retryAfterSeconds);
    if (known.code === 'unauthorized') reply.header('www-authenticate', 'Bearer realm="agenthook"');
    if (QUOTING.has(known.code) && request.caller?.see_payloads === false) {
      return sendProblem(
        reply,
        known.code,
        'The payload is refused. Why would quote it, and your key may not see it.',
      );
    }
    return sendProblem(reply, known.code, known.message, known.issues);
  });
  app.setNotFoundHandler((_request, reply) => answerNotFound(reply));
}
