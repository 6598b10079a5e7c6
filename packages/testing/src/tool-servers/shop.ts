import { setTimeout as sleep } from 'node:timers/promises';
import { sendJson, startHttpServer } from './http-server.js';

/** A shop whose charges must not be made twice. */
export interface Shop {
  /** The charges in order of arrival, for example `/7/0` for the first charge of order 7. */
  charges: string[];
  /** The tool for calling it: the order comes from the payload, and the tool is not `repeat_safe`. */
  tool: Record<string, unknown>;
  close(): Promise<void>;
}

/** Starts a shop on 127.0.0.1 whose answers take up to `slowestMs`. */
export async function startShop({ slowestMs = 0 } = {}): Promise<Shop> {
  const charges: string[] = [];
  const { url, calls, close } = await startHttpServer(async ({ path }, response) => {
    charges.push(path);
    calls.length = 0; // the charges are enough
    if (slowestMs > 0) await sleep(slowestMs * Math.random());
    sendJson(response, { ok: true });
  });
  const tool = {
    type: 'http',
    name: 'charge',
    method: 'POST',
    url: `${url}/{{ payload.order }}/{{ args.n }}`,
    parameters: { type: 'object', properties: { n: { type: 'integer' } } },
  };
  return { charges, tool, close };
}

/** Sandbox turns that make this many charges, each after this latency. */
export const chargingSteps = (count: number, latency_ms: number) =>
  Array.from({ length: count }, (_, n) => ({ latency_ms, tool: { name: 'charge', arguments: { n } } }));
