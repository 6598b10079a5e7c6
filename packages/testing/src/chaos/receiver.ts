import { startHttpServer } from '../index.js';

/** Receives callbacks and destinations. */
export interface Receiver {
  url: string;
  /**
   * What came to a path: the bodies by the id of their delivery, each kept once. Deliveries may be repeated
   * under their id.
   */
  at(path: string): Map<string, string>;
  close(): Promise<void>;
}

/**
 * Starts it on 127.0.0.1. It accepts everything at once.
 *
 * @param onCall is called with each delivery
 */
export async function startReceiver(onCall: () => void): Promise<Receiver> {
  const received = new Map<string, Map<string, string>>();
  const at = (path: string) => {
    const found = received.get(path) ?? new Map<string, string>();
    received.set(path, found);
    return found;
  };
  const { url, calls, close } = await startHttpServer(({ path, headers, body }, response) => {
    at(path).set(headers['webhook-id'] ?? headers['idempotency-key'] ?? '', body);
    calls.length = 0;
    onCall();
    response.writeHead(204).end();
  });
  return { url, at, close };
}
