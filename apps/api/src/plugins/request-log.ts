import { randomBytes } from 'node:crypto';
import type { Context } from '@agenthook/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/**
 * Numbers the requests of this process. Processes share no ids, so an id identifies one request in their
 * joint log.
 */
export function createRequestIds(): () => string {
  const ofProcess = randomBytes(4).toString('hex');
  let count = 0;
  return () => `req-${ofProcess}-${(++count).toString(36)}`;
}

/**
 * Logs each answer on one line, with the route's pattern and `request.logged`. The URL itself may contain a
 * webhook token or a task id, so it is not logged. Counts it for /metrics.
 */
export function registerRequestLog(app: FastifyInstance, metrics: Context['metrics']): void {
  app.decorateRequest('logged', undefined);
  // A child logger per request would cost as much as its log line, so log lines name the request instead.
  app.setChildLoggerFactory((logger) => logger);
  app.addHook('onResponse', (request, reply, done) => {
    // Each reading of `routeOptions` makes an object.
    const { config, url: route = 'none' } = request.routeOptions;
    const quiet = config.quiet === true;
    metrics.count('http_requests_total', [request.method, route, String(reply.statusCode)]);
    metrics.observe('http_request_duration_seconds', [route], reply.elapsedTime);
    request.log[quiet ? 'debug' : 'info'](
      {
        reqId: request.id,
        method: request.method,
        route,
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

/** Who changed or ran what: the ids of the key and of its target, never the key itself. */
function madeBy({ method, caller, params }: FastifyRequest): Record<string, string> {
  if (!caller || method === 'GET' || method === 'HEAD') return {};
  const { id } = (params ?? {}) as { id?: string };
  return { key_id: caller.key_id ?? caller.name, ...(id === undefined ? {} : { id }) };
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Log at debug level, because health checks and polls would drown out everything else. */
    quiet?: boolean;
  }
  interface FastifyRequest {
    /** Extra fields for this request's log line. A line costs about as much as a write to Redis. */
    logged: Record<string, string> | undefined;
  }
}
