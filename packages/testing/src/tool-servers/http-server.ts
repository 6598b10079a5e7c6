import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as the server received it, with the unchanged path. */
export interface HttpCall {
  method: string;
  /** With its query. */
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface HttpServer {
  /** For example `http://127.0.0.1:4321`. */
  url: string;
  port: number;
  /** In order of arrival. */
  calls: HttpCall[];
  /** Closes all connections and frees the port. */
  close(): Promise<void>;
}

/** Starts a server on 127.0.0.1 that records each call and lets `answer` answer it. */
export async function startHttpServer(
  answer: (call: HttpCall, response: ServerResponse) => unknown,
): Promise<HttpServer> {
  const calls: HttpCall[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = '', url = '', headers } = request;
    const call = { method, path: url, headers: headers as Record<string, string>, body };
    calls.push(call);
    await answer(call, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
