import type { FastifyInstance } from 'fastify';

/** Logs each answer with its route's pattern: the address itself may hold a webhook token or a task id. */
export function registerRequestLog(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const quiet = request.routeOptions.config.quiet === true;
    request.log[quiet ? 'debug' : 'info'](
      {
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Logged at debug level: health checks and polls would drown the rest. */
    quiet?: boolean;
  }
}
