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
 * Puts each request into a span, in the trace of its `traceparent` header or in a new one. The span has the
 * route's pattern, because the URL may contain a webhook token. Unknown URLs and quiet routes (polls and
 * health checks) have no span. Register it first, so that other hooks log the trace id.
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
    // Fires after every answer and when the caller disconnects.
    raw.once('close', () => {
      if (raw.headersSent) span.setAttribute('http.response.status_code', raw.statusCode);
      if (raw.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    request.traced = trace.setSpan(ROOT_CONTEXT, span);
    context.with(request.traced, done);
  });

  // Later socket events for the body and the answer do not know the request.
  const inTrace = ({ traced }: FastifyRequest, _reply: FastifyReply, done: () => void) =>
    traced ? context.with(traced, done) : done();
  app.addHook('preHandler', inTrace);
  app.addHook('onResponse', inTrace);
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The context whose active span is this request's. */
    traced: Context | undefined;
  }
}
