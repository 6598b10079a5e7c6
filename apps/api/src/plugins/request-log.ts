import type { FastifyInstance, FastifyRequest } from 'fastify';

/**
 * Logs each answer in one line, with what its route has put into `request.logged`, and with the route's pattern: the
 * address itself may hold a webhook token or a task id.
 */
export function registerRequestLog(app: FastifyInstance): void {
  app.decorateRequest('logged', undefined);
  // A logger of its own for each request would cost as much as its line; what is logged names the request instead.
  app.setChildLoggerFactory((logger) => logger);
  app.addHook('onResponse', (request, reply, done) => {
    const quiet = request.routeOptions.config.quiet === true;
    request.log[quiet ? 'debug' : 'info'](
      {
        reqId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        ip: request.ip,
        ...request.logged,
        ...madeBy(request),
      },
      'request',
    );
    done();
  });
}

/** Who changed or ran what: the id of the key and of what it was used on, never the key. */
function madeBy({ method, caller, params }: FastifyRequest): Record<string, string> {
  if (!caller || method === 'GET' || method === 'HEAD') return {};
  const { id } = (params ?? {}) as { id?: string };
  return { key_id: caller.key_id ?? caller.name, ...(id === undefined ? {} : { id }) };
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Logged at debug level: health checks and polls would drown the rest. */
    quiet?: boolean;
  }
  interface FastifyRequest {
    /** What the log tells of this request besides. A line costs about as much as a write to Redis. */
    logged: Record<string, string> | undefined;
  }
}
