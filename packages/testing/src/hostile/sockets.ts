import { connect, type Socket } from 'node:net';
import type { Stack } from '../harness/index.js';

/**
 * Writes these bytes to the api and returns its answers until it closes the connection or `quietMs` have
 * passed.
 */
export function speak(stack: Stack, bytes: string | Buffer, quietMs = 2000): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = open(stack);
    let heard = '';
    const timer = setTimeout(() => socket.destroy(), quietMs);
    socket.setEncoding('latin1').on('data', (part) => {
      heard += part;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // A connection closed during the write is an answer too.
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(heard);
    });
    socket.write(bytes);
  });
}

/** A bare connection to the api. */
export function open(stack: Stack): Socket {
  const { hostname, port } = new URL(stack.url);
  return connect(Number(port), hostname);
}
