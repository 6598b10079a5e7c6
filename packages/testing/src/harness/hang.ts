import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { ManagedProcess } from './managed-process.js';
import { until } from './wait.js';

/** Enables a Node process to be hung: opens its debugger on a free port. */
export const HANGABLE = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

const ADDRESS = /Debugger listening on ws:\/\/127\.0\.0\.1:(\d+)(\/\S+)/;

/**
 * One text message in a frame as RFC 6455 requires of a client: masked, and here always with a 16-bit length.
 */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  const mask = randomBytes(4);
  const head = Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 255]);
  return Buffer.concat([head, mask, payload.map((byte, n) => byte ^ (mask[n % 4] as number))]);
}

/**
 * Hangs the event loop of a process that was started with HANGABLE, as a bug would: makes Node's debugger run
 * an endless loop in it.
 */
export async function hang(process: ManagedProcess): Promise<void> {
  const [, port, path] = await until('the debugger listens', () => ADDRESS.exec(process.log()));
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined); // its process dies
  const key = randomBytes(16).toString('base64');
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  await new Promise((resolve) => socket.once('data', resolve));
  const params = { expression: 'for (;;);' };
  socket.write(frame(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params })));
}
