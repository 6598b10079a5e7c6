import type { EnterStep } from '@agenthook/core';
import type { FastifyInstance } from 'fastify';

/** Tells the watchdog which route a request is in, on arrival and once its body is read. */
export function registerActivity(app: FastifyInstance, enter: EnterStep): void {
  app.addHook('onRequest', (request, _reply, done) => {
    enter(request.id, `${request.method} ${request.routeOptions.url ?? 'no route'}`);
    done();
  });
  app.addHook('preValidation', (request, _reply, done) => {
    enter(request.id, `body of ${request.method} ${request.routeOptions.url ?? 'no route'}`);
    done();
  });
}
