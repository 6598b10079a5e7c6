import type { FastifyInstance, FastifyReply } from 'fastify';

/** How long a browser that has come by https comes by https alone, in seconds: half a year. */
const HSTS_SECONDS = 180 * 86_400;

/**
 * What every answer tells a browser: that it is what its Content-Type says, and nothing to be framed, embedded elsewhere,
 * or followed from with its address, which may hold a token.
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
  // Browsers ignore it, and complain, where an address is not https.
  ...(isHttps && {
    'cross-origin-opener-policy': 'same-origin',
    'strict-transport-security': `max-age=${HSTS_SECONDS}`,
  }),
});

/** Gives an answer those headers that it has not set itself. */
export function addHeaders(reply: FastifyReply, headers: [name: string, value: string][]): void {
  for (const [name, value] of headers) if (!reply.hasHeader(name)) reply.header(name, value);
}

/** Gives every answer `headers`, where its route says nothing else. To be registered before all routes. */
export function registerAnswerHeaders(app: FastifyInstance, headers: Record<string, string>): void {
  const all = Object.entries(headers);
  app.addHook('onSend', (_request, reply, payload, done) => {
    addHeaders(reply, all);
    done(null, payload);
  });
}
