import type { FastifyInstance, FastifyReply } from 'fastify';

/** Names the lines of the log that are about a request. */
export const REQUEST_ID_HEADER = 'X-Request-Id';

/** How long browsers that connected over https must keep using https, in seconds: half a year. */
const HSTS_SECONDS = 180 * 86_400;

/**
 * Headers on every answer: browsers trust its Content-Type, do not frame or embed it, and send no referrer,
 * because the URL may contain a token.
 *
 * @param isHttps whether callers reach the api by https
 */
export const answerHeaders = (isHttps: boolean): Record<string, string> => ({
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  // Over http, browsers ignore it and log a warning.
  ...(isHttps && {
    'cross-origin-opener-policy': 'same-origin',
    'strict-transport-security': `max-age=${HSTS_SECONDS}`,
  }),
});

/** Adds the headers that the answer has not set itself. */
export function addHeaders(reply: FastifyReply, headers: [name: string, value: string][]): void {
  for (const [name, value] of headers) if (!reply.hasHeader(name)) reply.header(name, value);
}

/**
 * Adds the request's id and `headers` to every answer unless its route sets them. Register it before all
 * routes.
 */
export function registerAnswerHeaders(app: FastifyInstance, headers: Record<string, string>): void {
  const all = Object.entries(headers);
  app.addHook('onSend', (request, reply, payload, done) => {
    reply.header(REQUEST_ID_HEADER, request.id);
    addHeaders(reply, all);
    done(null, payload);
  });
}
