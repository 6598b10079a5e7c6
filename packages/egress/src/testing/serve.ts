import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TestServer {
  port: number;
  url: string;
  /** The received requests with their bodies. */
  requests: (Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { body: string })[];
  connections(): number;
}

const running = new Set<Server>();

/** Starts an HTTP server on 127.0.0.1 (or `host`). It answers 200 "ok" unless `listener` does otherwise. */
export async function serve(listener?: RequestListener, host = '127.0.0.1'): Promise<TestServer> {
  const requests: TestServer['requests'] = [];
  let connections = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url, headers } = request;
    requests.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    if (listener) listener(request, response);
    else response.end('ok');
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  running.add(server);
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://${host}:${port}`, requests, connections: () => connections };
}

/** Stops all servers that serve() has started. */
export async function stopServers(): Promise<void> {
  for (const server of running) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  running.clear();
}

/** The code and message of the error that `work` rejects with. Fails the test if it does not reject. */
export async function failure(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await work;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  }
  throw new Error('It did not fail.');
}
