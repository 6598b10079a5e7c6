import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '../harness/index.js';
import { open } from './sockets.js';
import { ATTACKER } from './wire.js';

/** Many callers that wait for answers. */
export interface Crowd {
  /** Resolves when all have sent their request. */
  opened: Promise<unknown>;
  leave(): void;
}

/** Callers that share a connection. Node passes on each request of a connection as it arrives. */
const PER_CONNECTION = 100;
/** Between two connections, because the test is about how many wait, not how fast they arrive. */
const PAUSE_MS = 25;

/** Makes this many callers request `path` from one address and wait for the answer. */
export function crowd(stack: Stack, path: string, count: number): Crowd {
  const request = `GET ${path} HTTP/1.1\r\nHost: agenthook\r\nX-Forwarded-For: ${ATTACKER}\r\n\r\n`;
  const sockets: Socket[] = [];
  const join = () =>
    new Promise<void>((resolve) => {
      const socket = open(stack);
      sockets.push(socket);
      // If the server closes their connection, it has refused them.
      socket.on('error', () => resolve()).resume();
      socket.write(request.repeat(PER_CONNECTION), () => resolve());
    });
  const joinAll = async () => {
    for (let left = count; left > 0; left -= PER_CONNECTION) {
      await join();
      await sleep(PAUSE_MS);
    }
  };
  return {
    opened: joinAll(),
    leave: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
