import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How many requests of one connection may wait for their turn. No client sends as many before an answer. */
export const MOST_WAITING = 128;

/**
 * Passes on one request of a connection in a turn of the event loop. A client may send thousands in one
 * packet without waiting for answers (RFC 9112, 9.3.2), and Node passes on all of them before anything else.
 * Ends a connection of which too many wait.
 */
export function inTurns(handler: RequestListener): RequestListener {
  const served = new Set<Socket>();
  const lines = new Map<Socket, [IncomingMessage, ServerResponse][]>();

  const serve = (request: IncomingMessage, response: ServerResponse) => {
    if (served.size === 0) setImmediate(nextTurn);
    served.add(request.socket);
    handler(request, response);
  };
  const nextTurn = () => {
    served.clear();
    for (const [socket, line] of lines) {
      const next = socket.destroyed ? undefined : line.shift();
      if (!next || line.length === 0) lines.delete(socket);
      if (next) serve(...next);
    }
  };
  return (request, response) => {
    const { socket } = request;
    const line = lines.get(socket);
    if (!line && !served.has(socket)) return serve(request, response);
    if (!line) lines.set(socket, [[request, response]]);
    else if (line.push([request, response]) > MOST_WAITING) socket.destroy();
  };
}
