import { STATUS_CODES } from 'node:http';
import { type ErrorCode, MAX_PROBLEM_ISSUES, type Problem, type ProblemIssue } from '@agenthook/contracts';
import { AppError, cutText, isRedisUnavailable } from '@agenthook/core';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { faultOfHead } from '../http-server.js';
import { refusalOfRequest } from './request-faults.js';

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
  expectation_failed: 417,
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

const MIB = 1024 * 1024;

/** How long a caller should wait when Redis is away, in seconds. */
const REDIS_RETRY_SECONDS = 2;

/** How long the words of an error answer may be, in characters. */
const MAX_DETAIL = 2_000;

/**
 * Builds the body of an error answer: whatever it quotes of a request, no more than the first 20 issues, each cut to 200
 * characters a field.
 *
 * @param total how many issues there are, where `errors` has only the first
 */
export function problemOf(
  code: ErrorCode,
  detail: string,
  errors?: readonly ProblemIssue[],
  total = errors?.length,
): Problem {
  const status = statusOf(code);
  const title = STATUS_CODES[status] ?? 'Error';
  return {
    type: `urn:agenthook:error:${code}`,
    title,
    status,
    detail: detail.length > MAX_DETAIL ? `${detail.slice(0, MAX_DETAIL)}…` : detail,
    code,
    ...(errors && { errors: errors.slice(0, MAX_PROBLEM_ISSUES).map(cutIssue), errors_total: total ?? 0 }),
  };
}

const cutIssue = (issue: ProblemIssue): ProblemIssue => ({
  ...issue,
  path: cutText(issue.path),
  message: cutText(issue.message),
});

/** Sends an error answer as application/problem+json. */
function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** Codes of Fastify's own refusals. */
const FASTIFY_CODES: Record<string, { code: ErrorCode; detail?: string }> = {
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

/** How Node says that a request's body broke off. By its code alone it could be Redis's connection that did. */
const isHangUp = ({ code, message }: FastifyError): boolean => code === 'ECONNRESET' && message === 'aborted';

const sizeOf = (bytes: number): string =>
  bytes % MIB === 0 ? `${bytes / MIB} MiB` : `${Math.floor(bytes / 1024)} KiB`;

/**
 * What an error answers: its own code, or what it comes down to.
 *
 * @param bodyLimit how many bytes the route takes
 */
export function toAppError(error: FastifyError, bodyLimit: number): AppError {
  if (error instanceof AppError) return error;
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new AppError('payload_too_large', `The body may have ${sizeOf(bodyLimit)} at most.`);
  if (error.validation) return refusalOfRequest(error.validation);
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
    return new AppError('invalid_json', `The body is not valid JSON: ${cutText(error.message)}.`);
  if (error.statusCode !== undefined && error.statusCode < 500)
    return new AppError('invalid_request', error.message);
  return new AppError(
    'internal',
    'Something went wrong on our side. The log has the details under this request id.',
  );
}

/** Refusals whose words may quote a payload, a stored one too. */
const QUOTING: ReadonlySet<ErrorCode> = new Set(['invalid_json', 'invalid_form', 'invalid_payload']);

/** Answers an address that no route has. */
const answerNotFound = (reply: FastifyReply): FastifyReply =>
  sendProblem(
    reply,
    problemOf('not_found', 'There is nothing at this address. The API is described at /docs.'),
  );

/** Answers what the router itself refuses: an address that is too long or cannot be decoded. No hook has seen it. */
export function answerUnread({ raw }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const fault = faultOfHead(raw);
  return fault ? sendProblem(reply, problemOf(...fault)) : answerNotFound(reply);
}

/** Builds the answer to an error. It shows only what the caller's key may see. */
function problemFor({ caller }: FastifyRequest, known: AppError): Problem {
  const { code, message, issues, issuesTotal } = known;
  if (QUOTING.has(code) && caller?.see_payloads === false)
    return problemOf(code, 'The payload is refused. Why would quote it, and your key may not see it.');
  return problemOf(code, message, issues, issuesTotal);
}

/** Maps everything that is thrown, every unknown address, and a head that is none, to problem+json. */
export function registerProblems(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const fault = faultOfHead(request.raw);
    if (!fault) return done();
    // Who frames requests in an odd way may not agree with us on where the next one begins.
    reply.header('connection', 'close');
    done(new AppError(...fault));
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = toAppError(error, request.routeOptions.bodyLimit);
    if (known.code === 'internal') request.log.error({ reqId: request.id, err: error }, 'request failed');
    if (isHangUp(error)) {
      const { id: reqId, method, routeOptions, ip } = request;
      request.log.info({ reqId, method, route: routeOptions.url, ip }, 'the caller hung up in mid-request');
    }
    if (known.code === 'redis_unavailable')
      request.log.warn({ reqId: request.id, reason: error.message }, 'Redis does not take a command');
    if (known.retryAfterSeconds !== undefined) reply.header('retry-after', known.retryAfterSeconds);
    if (known.code === 'unauthorized') reply.header('www-authenticate', 'Bearer realm="agenthook"');
    return sendProblem(reply, problemFor(request, known));
  });
  app.setNotFoundHandler((_request, reply) => answerNotFound(reply));
}
