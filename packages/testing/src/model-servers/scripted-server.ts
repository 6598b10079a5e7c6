import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { play, sendJson } from './play.js';
import type { ReceivedRequest, Script } from './script.js';
import type { Wire } from './wire.js';

/** A model provider's HTTP API, played by a script. */
export interface ModelServer {
  /** The base URL for a client of this API, for example `http://127.0.0.1:4321/v1`. */
  url: string;
  /** Every model call so far, in order of arrival. */
  requests: ReceivedRequest[];
  /** Queues scripts for the next calls, one per call. With an empty queue, a call gets the default answer. */
  respond(...scripts: Script[]): void;
  /** Drops queued scripts. */
  forget(): void;
  /** Closes all connections and frees the port. */
  close(): Promise<void>;
}

export interface ServerOptions {
  /** Default: any free port. */
  port?: number;
}

export interface Api {
  /** By path below the server's root, such as `/v1/messages`. */
  wires: Record<string, Wire>;
  /** The answers of plain GET routes. */
  gets?: Record<string, unknown>;
}

/** Starts a server on 127.0.0.1. Throws if the port is taken. */
export async function startScriptedServer(api: Api, options: ServerOptions): Promise<ModelServer> {
  const requests: ReceivedRequest[] = [];
  const queue: Script[] = [];
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (request.method === 'GET' && api.gets?.[path]) {
      sendJson(response, 200, api.gets[path]);
      return;
    }
    const wire = api.wires[path];
    if (request.method !== 'POST' || !wire) {
      return sendJson(response, 404, {
        error: { message: `No route ${request.method} ${path}`, type: 'not_found' },
      });
    }
    const text = await readAll(request);
    const headers = request.headers as Record<string, string>;
    const received: ReceivedRequest = {
      path,
      headers,
      body: JSON.parse(text),
      at: Date.now(),
      aborted: false,
    };
    const id = String(requests.push(received));
    response.on('close', () => {
      received.aborted = !response.writableFinished;
    });
    const script = queue.shift() ?? {};
    if (script.delay_ms) await sleep(script.delay_ms, undefined, { ref: false });
    play(script, wire, received.body, response, id);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    respond: (...scripts) => void queue.push(...scripts),
    forget: () => void queue.splice(0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
