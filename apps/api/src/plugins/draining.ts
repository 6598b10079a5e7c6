import type { FastifyInstance } from 'fastify';

/**
 * While this process is about to stop, each answer asks the client to close the connection. No client then
 * sends its next request on a connection that is closed at the same moment.
 */
export function registerDraining(app: FastifyInstance, isStopping: () => boolean): void {
  app.addHook('onRequest', (_request, reply, done) => {
    if (isStopping()) reply.header('connection', 'close');
    done();
  });
}
