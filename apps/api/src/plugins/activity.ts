import type { EnterStep } from '@agenthook/core';
import type { FastifyInstance } from 'fastify';

/** Tells the watchdog which route a request is in, on arrival and once its body is read. */
export function registerActivity(app: FastifyInstance, enter: EnterStep): void {
  app.decorateRequest('activity', '');
  app.addHook('onRequest', (request, _reply, done) => {
    request.activity = `${request.method} ${request.routeOptions.url ?? 'no route'}`;
    enter(request.id, request.activity);
    done();
  });
  app.addHook('preValidation', (request, _reply, done) => {
    enter(request.id, `body of ${request.activity}`);
    done();
  });
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The step that the watchdog records: the method and the pattern of the route. */
    activity: string;
  }
}
