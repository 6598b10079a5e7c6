import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * Puts each request into a span, in the trace that its `traceparent` header names or in a new one. A span has the
 * route's pattern; the address itself may hold a webhook token. Addresses without a route, and quiet routes (polls and
 * health checks), have none. To be registered first: what other hooks log then carries the trace's id.
 */
export function registerTracing(app: FastifyInstance): void {
  const tracer = trace.getTracer('agenthook-api');
  app.decorateRequest('traced', undefined);

  app.addHook('onRequest', (request, { raw }, done) => {
    const { method } = request;
    const { url: route, config } = request.routeOptions;
    if (route === undefined || config.quiet) return done();
    const span = tracer.startSpan(
      `${method} ${route}`,
      { kind: SpanKind.SERVER, attributes: { 'http.request.method': method, 'http.route': route } },
      propagation.extract(ROOT_CONTEXT, request.headers),
    );
    // Comes after every answer, and when the caller has hung up.
    raw.once('close', () => {
      if (raw.headersSent) span.setAttribute('http.response.status_code', raw.statusCode);
      if (raw.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    request.traced = trace.setSpan(ROOT_CONTEXT, span);
    context.with(request.traced, done);
  });

  // The body arrives in events of the socket, and those of the answer come later: neither knows of the request.
  const inTrace = ({ traced }: FastifyRequest, _reply: FastifyReply, done: () => void) =>
    traced ? context.with(traced, done) : done();
  app.addHook('preHandler', inTrace);
  app.addHook('onResponse', inTrace);
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Where this request's span is the active one. */
    traced: Context | undefined;
  }
}
