import { PREFERENCE_APPLIED_HEADER, REPLAYED_HEADER } from '@agenthook/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { REQUEST_ID_HEADER } from './answer-headers.js';

const EXPOSED = [
  'location',
  'retry-after',
  'ratelimit',
  'ratelimit-policy',
  REQUEST_ID_HEADER,
  REPLAYED_HEADER,
  PREFERENCE_APPLIED_HEADER,
].join(', ');

/** Lets a page of any origin read an answer. */
export const ANY_ORIGIN = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': EXPOSED,
  'cross-origin-resource-policy': 'cross-origin',
};

/** A header name (RFC 9110, 5.6.2), in lower case. */
const NAME = /^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
/** Pages of another origin may never send these: they could try API keys through their visitors' browsers. */
const CREDENTIALS = new Set(['authorization', 'cookie', 'proxy-authorization']);

/**
 * Lets pages of any origin call the routes that are added to `app` from now on, without credentials. Only
 * these routes answer a preflight. Otherwise any page could try API keys through its visitors' browsers until
 * their network is locked out.
 */
export function allowAnyOrigin(app: FastifyInstance): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(ANY_ORIGIN);
    done();
  });
  const known = new Set<string>();
  app.addHook('onRoute', ({ url, config }) => {
    if (known.has(url)) return;
    known.add(url);
    const { answerOptions } = config ?? {};
    app.options(
      url,
      { schema: { hide: true }, config: { access: 'public', quiet: true } },
      async (request, reply) => {
        const isPreflight = request.headers['access-control-request-method'] !== undefined;
        if (!isPreflight && (await answerOptions?.(request, reply))) return reply;
        const allowed = allowedHeaders(request.headers['access-control-request-headers']);
        if (allowed !== '') reply.header('access-control-allow-headers', allowed);
        return reply
          .status(204)
          .header('access-control-allow-methods', 'GET, POST')
          .header('vary', 'access-control-request-headers')
          .send();
      },
    );
  });
}

/** Those of the requested headers that a page may send, separated by commas. */
const allowedHeaders = (asked = ''): string =>
  asked
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => NAME.test(name) && !CREDENTIALS.has(name))
    .join(', ');

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers an OPTIONS that no browser sent; false leaves it to the answer of a preflight. */
    answerOptions?: (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;
  }
}
