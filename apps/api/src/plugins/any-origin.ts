import { REPLAYED_HEADER } from '@agenthook/contracts';
import type { FastifyInstance } from 'fastify';

const EXPOSED = ['location', 'retry-after', 'ratelimit', 'ratelimit-policy', REPLAYED_HEADER].join(', ');

/**
 * Lets pages of any origin call the routes that are added to `app` from now on, and those alone: no other address answers
 * a preflight. Else any page could have its visitors' browsers try API keys here, until their network is locked out.
 */
export function allowAnyOrigin(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', EXPOSED);
  });
  const known = new Set<string>();
  app.addHook('onRoute', ({ url }) => {
    if (known.has(url)) return;
    known.add(url);
    app.options(
      url,
      { schema: { hide: true }, config: { access: 'public', quiet: true } },
      (request, reply) =>
        reply
          .status(204)
          .header('access-control-allow-methods', 'GET, POST')
          .header('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '*')
          .header('vary', 'access-control-request-headers')
          .send(),
    );
  });
}
