import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Shorter answers fit into the buffers of a connection, in characters. */
const LARGE = 64 * 1024;
/** A caller that reads nothing of a large answer for this long is disconnected, in ms. */
const STALL_MS = 60_000;
/** Upper bound for the large answers that callers have not read, in characters. */
const MAX_HELD = 128 * 1_048_576;

/**
 * Bounds what callers hold in memory by not reading their answers: each who knows a task's id may ask for
 * its result on any number of connections. Above the bound, those that have waited longest are disconnected.
 * Event streams have bounds of their own.
 */
export function registerUnreadAnswers(
  app: FastifyInstance,
  { stallMs = STALL_MS, maxHeld = MAX_HELD } = {},
): void {
  const open = new Map<object, { size: number; socket: Socket }>();
  /** How many of them each connection has. */
  const counts = new WeakMap<Socket, number>();
  const count = (socket: Socket, more: number) => counts.set(socket, (counts.get(socket) ?? 0) + more);
  // A caller whose answers wait behind one that is not there yet, such as a long poll's, has nothing to read.
  app.server.on('timeout', (socket: Socket) => {
    if (socket.writableLength > 0 || !counts.get(socket)) socket.destroy();
  });
  let held = 0;
  const forget = (answer: object) => {
    const known = open.get(answer);
    if (!known) return;
    held -= known.size;
    count(known.socket, -1);
    open.delete(answer);
  };
  app.addHook('onSend', (request, reply, payload, done) => {
    const size = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload.length : 0;
    const { socket: own } = request.raw;
    const { raw } = reply;
    // An answer that waits behind another one has no socket yet, and is held whole, however short it is.
    const isHeld = size >= LARGE || (size > 0 && raw.socket === null);
    // Injected requests have none.
    if (!isHeld || !(own instanceof Socket)) return done(null, payload);
    open.set(raw, { size, socket: own });
    count(own, 1);
    held += size;
    const end = () => {
      forget(raw);
      own.off('close', end);
    };
    raw.once('close', end);
    // Node 22 does not close an answer that waits behind others when its connection closes.
    own.setMaxListeners(0).once('close', end);
    // Starts again whenever the caller reads something.
    own.setTimeout(stallMs);
    for (const [answer, { socket }] of open) {
      if (held <= maxHeld) break;
      forget(answer);
      socket.destroy();
    }
    done(null, payload);
  });
}
