import {
  detailOf,
  ERRORS,
  type ErrorCode,
  MAX_PROBLEM_ISSUES,
  type Problem,
  type ProblemIssue,
  problemType,
} from '@agenthook/contracts';
import { AppError, cutText, isRedisUnavailable } from '@agenthook/core';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { faultOfHead } from '../http-server.js';
import type { AllowedMethods } from './allowed-methods.js';
import { REQUEST_ID_HEADER } from './answer-headers.js';
import { ANY_ORIGIN } from './any-origin.js';
import { refusalOfRequest } from './request-faults.js';

export const statusOf = (code: ErrorCode): number => ERRORS[code].status;

const MIB = 1024 * 1024;

/** How long a caller should wait when Redis is unavailable, in seconds. */
const REDIS_RETRY_SECONDS = 2;

/** Maximum length of an error's detail, in characters. */
const MAX_DETAIL = 2_000;

/**
 * Builds the body of an error answer. It contains at most the first 20 issues, and each field of an issue is
 * cut to 200 characters.
 *
 * @param total the number of issues, if `errors` has only the first
 */
export function problemOf(
  code: ErrorCode,
  detail: string,
  errors?: readonly ProblemIssue[],
  total = errors?.length,
): Problem {
  const { status, title } = ERRORS[code];
  return {
    type: problemType(code),
    title,
    status,
    detail: cutText(detail, MAX_DETAIL),
    code,
    ...(errors && { errors: errors.slice(0, MAX_PROBLEM_ISSUES).map(cutIssue), errors_total: total ?? 0 }),
  };
}

/** The list of all senders has 500 characters. */
const MAX_MESSAGE = 1_000;

const cutIssue = (issue: ProblemIssue): ProblemIssue => ({
  ...issue,
  path: cutText(issue.path),
  message: cutText(issue.message, MAX_MESSAGE),
});

/** Sends an error answer as application/problem+json. */
function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  // Some answers are sent without hooks.
  reply.header(REQUEST_ID_HEADER, reply.request.id);
  return reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

const INTERNAL = detailOf('internal');

/** Fastify's own error codes. */
const FASTIFY_CODES: Record<string, { code: ErrorCode; detail?: string }> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported_media_type',
    detail: detailOf('unsupported_media_type'),
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    code: 'empty_body',
    detail: 'Content-Type says JSON, but the body is empty.',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'invalid_json' },
};

/** Node's error for an aborted request body. The code alone could also come from the Redis connection. */
const isHangUp = ({ code, message }: FastifyError): boolean => code === 'ECONNRESET' && message === 'aborted';

const sizeOf = (bytes: number): string =>
  bytes % MIB === 0 ? `${bytes / MIB} MiB` : `${Math.floor(bytes / 1024)} KiB`;

/** Describes the body limit of a route, `bytes`. */
export const tooLarge = (bytes: number): string => `The body may have at most ${sizeOf(bytes)}.`;

/**
 * Maps any error to the AppError that is answered.
 *
 * @param bodyLimit the body limit of the route, in bytes
 */
export function toAppError(error: FastifyError, bodyLimit: number): AppError {
  if (error instanceof AppError) return error;
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new AppError('payload_too_large', tooLarge(bodyLimit));
  if (error.validation) return refusalOfRequest(error.validation, error.validationContext);
  const known = FASTIFY_CODES[error.code];
  if (known) return new AppError(known.code, known.detail ?? error.message);
  if (isHangUp(error))
    return new AppError('invalid_request', 'The connection closed before the whole request arrived.');
  if (isRedisUnavailable(error)) return new AppError('redis_unavailable');
  if (error instanceof SyntaxError)
    return new AppError('invalid_json', `The body is not valid JSON: ${cutText(error.message)}.`);
  if (error.statusCode !== undefined && error.statusCode < 500)
    return new AppError('invalid_request', error.message);
  return new AppError('internal', INTERNAL);
}

/** Errors whose detail may quote a payload, including a stored one. */
const QUOTING: ReadonlySet<ErrorCode> = new Set(['invalid_json', 'invalid_form', 'invalid_payload']);

/** Answers a URL that no route serves. */
const answerNotFound = (reply: FastifyReply): FastifyReply =>
  sendProblem(reply, problemOf('not_found', detailOf('not_found')));

/** Answers a request that no route serves: its URL is unknown, or has other methods (RFC 9110, 15.5.6). */
function answerUnserved({ method }: FastifyRequest, reply: FastifyReply, methods: string[]): FastifyReply {
  // A route may serve some URLs of its wildcard only.
  if (methods.length === 0 || methods.includes(method)) return answerNotFound(reply);
  const allowed = methods.join(', ');
  reply.header('allow', allowed);
  // Only routes that any origin may call have OPTIONS. Their hooks, which set these headers, do not run here.
  if (methods.includes('OPTIONS')) reply.headers(ANY_ORIGIN);
  return sendProblem(
    reply,
    problemOf('method_not_allowed', `${method} is not possible here. Possible: ${allowed}.`),
  );
}

/**
 * Answers URLs that the router itself rejects because they are too long or cannot be decoded. No hook has run
 * for them.
 */
export function answerUnread({ raw }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const fault = faultOfHead(raw);
  return fault ? sendProblem(reply, problemOf(...fault)) : answerNotFound(reply);
}

/** Builds the answer to an error, limited to what the caller's key may see. */
function problemFor({ id, caller }: FastifyRequest, known: AppError): Problem {
  const { code, message, issues, issuesTotal } = known;
  if (code === 'internal') return { ...problemOf(code, message), request_id: id };
  if (QUOTING.has(code) && caller?.see_payloads === false)
    return problemOf(
      code,
      'The payload was rejected. The reason would quote it, and your key may not see payloads.',
    );
  return problemOf(code, message, issues, issuesTotal);
}

/**
 * Maps every thrown error, every request without a route and every faulty head to problem+json.
 *
 * @param methodsOf the methods that the URL of a request has
 * @param checkLost rejects if what is not found may be lost; its error is then answered instead
 */
export function registerProblems(
  app: FastifyInstance,
  methodsOf: AllowedMethods = () => [],
  checkLost: () => Promise<void> = async () => undefined,
): void {
  app.addHook('onRequest', (request, reply, done) => {
    const fault = faultOfHead(request.raw);
    if (!fault) return done();
    // After an oddly framed request, the client may disagree about where the next one begins.
    reply.header('connection', 'close');
    done(new AppError(...fault));
  });
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    // Fastify reads the body of a request that no route serves, and may find a fault in it.
    if (request.is404) return answerUnserved(request, reply, methodsOf(request));
    const asKnown = (thrown: FastifyError) => toAppError(thrown, request.routeOptions.bodyLimit);
    const isMissing = statusOf(asKnown(error).code) === 404;
    const answered = isMissing
      ? await checkLost().then(
          () => error,
          (lost: FastifyError) => lost,
        )
      : error;
    const known = asKnown(answered);
    if (known.code === 'internal') request.log.error({ reqId: request.id, err: answered }, 'request failed');
    if (isHangUp(error)) {
      const { id: reqId, method, routeOptions, ip } = request;
      request.log.info(
        { reqId, method, route: routeOptions.url, ip },
        'the caller closed the connection during its request',
      );
    } else if (isRedisUnavailable(answered)) {
      request.log.warn({ reqId: request.id, reason: answered.message }, 'Redis did not accept a command');
    }
    const retryAfter = known.code === 'redis_unavailable' ? REDIS_RETRY_SECONDS : known.retryAfterSeconds;
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
    if (known.code === 'unauthorized') reply.header('www-authenticate', 'Bearer realm="agenthook"');
    return sendProblem(reply, problemFor(request, known));
  });
  app.setNotFoundHandler((request, reply) => answerUnserved(request, reply, methodsOf(request)));
}
