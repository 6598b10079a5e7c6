import { createServer } from 'node:http';

const PATH = '/healthz';
/** Health probes arrive one at a time. */
const MAX_CONNECTIONS = 20;
const TIMEOUT_MS = 5_000;

/**
 * Answers health checks of this worker at `GET /healthz`: 200, or 503 with the problem. The event loop itself
 * answers, so a blocked one does not. Rejects if the port cannot be opened.
 *
 * @param problem a problem that restarting this process would solve; undefined: none
 */
export async function serveHealth(
  { port, host }: { port: number; host: string },
  problem: () => Promise<string | undefined>,
): Promise<void> {
  const server = createServer(
    { requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS },
    async (request, response) => {
      const found = request.url === PATH ? await problem() : 'no such page';
      const ok = found === undefined;
      response.writeHead(ok ? 200 : request.url === PATH ? 503 : 404, {
        'content-type': 'application/json',
        connection: 'close',
        'x-content-type-options': 'nosniff',
      });
      response.end(JSON.stringify(ok ? { status: 'ok' } : { status: 'failed', problem: found }));
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = `WORKER_HEALTH_PORT ${port} is in use. Stop the program that listens there, or set another.`;
      reject(error.code === 'EADDRINUSE' ? new Error(inUse) : error);
    });
    server.listen(port, host, resolve);
  });
}
