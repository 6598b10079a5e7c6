import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordedRequest {
  method: string;
  /** Path and query, unchanged. */
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface RecordingServer {
  /** `http://127.0.0.1:port` */
  url: string;
  requests: RecordedRequest[];
  close(): Promise<void>;
}

/** Answers a request: writes the response itself, or returns a value to send as JSON. */
export type Answer = (request: RecordedRequest, response: ServerResponse) => unknown;

/** Starts an HTTP server on a free port of 127.0.0.1 that records its requests. */
export async function startRecordingServer(answer: Answer): Promise<RecordingServer> {
  const requests: RecordedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, headers, body: Buffer.concat(await incoming.toArray()).toString() };
    requests.push(request);
    const value = await answer(request, response);
    if (response.headersSent || response.destroyed || value === undefined) return;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  });
  return { url: await listen(server), requests, close: () => stop(server) };
}

/** Listens on a free port of 127.0.0.1; returns the server's origin. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Stops a server and its open connections. */
export async function stop(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
