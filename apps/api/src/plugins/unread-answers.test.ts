import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { registerUnreadAnswers } from './unread-answers.js';

/** More than the system's buffers of a connection hold. */
const SIZE = 32 * 1_048_576;

let app: FastifyInstance;
let waits: Promise<string>;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await app.close();
});

async function serve(limits: Parameters<typeof registerUnreadAnswers>[1]) {
  app = Fastify();
  registerUnreadAnswers(app, limits);
  app.get('/', async () => 'x'.repeat(SIZE));
  app.get('/waits', () => waits);
  app.get('/short', async () => 'short');
  app.server.on('connection', (socket) => {
    socket.on('close', () => app.server.emit('connection-gone'));
    socket.on('timeout', () => app.server.emit('connection-idle'));
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
}

/** Asks, reads the beginning of the answer, and pauses. */
async function reader(): Promise<Socket> {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined).write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(socket, 'data');
  return socket.pause();
}

/** Reads the rest, and returns how much of the answer arrived, headers included. */
async function rest(socket: Socket): Promise<number> {
  socket.on('data', () => {
    if (socket.bytesRead >= SIZE) socket.end();
  });
  socket.resume();
  if (!socket.destroyed) await once(socket, 'close');
  return socket.bytesRead;
}

test('a caller that reads nothing for long is disconnected', async () => {
  await serve({ stallMs: 300 });
  const stalled = await reader();
  await once(app.server, 'connection-gone');
  expect(await rest(stalled)).toBeLessThan(SIZE);
});

test('a caller whose answers wait behind a slow one is not disconnected', async () => {
  await serve({ stallMs: 200 });
  let answer = (_text: string) => {};
  waits = new Promise((resolve) => (answer = resolve));
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  socket.write('GET /waits HTTP/1.1\r\nHost: a\r\n\r\nGET /short HTTP/1.1\r\nHost: a\r\n\r\n');
  // Nothing happens on the connection for as long as it may.
  await once(app.server, 'connection-idle');
  answer('late');
  let text = '';
  for await (const bytes of socket) {
    text += bytes;
    if (text.endsWith('short')) break;
  }
  expect(text).toMatch(/late[\s\S]*short$/);
});

test('of too many unread answers, the oldest are given up', async () => {
  await serve({ maxHeld: 3 * SIZE });
  const [first, second, ...others] = [
    await reader(),
    await reader(),
    await reader(),
    await reader(),
    await reader(),
  ];
  expect(await rest(first as Socket)).toBeLessThan(SIZE);
  expect(await rest(second as Socket)).toBeLessThan(SIZE);
  for (const each of others) expect(await rest(each)).toBeGreaterThan(SIZE);
  // All were read, so none counts any more.
  expect(await rest(await reader())).toBeGreaterThan(SIZE);
});

test('short answers that wait behind another one count', async () => {
  await serve({ maxHeld: 100 });
  waits = new Promise(() => {});
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined).resume();
  const paths = ['/waits', ...Array.from({ length: 30 }, () => '/short')];
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
  await once(socket, 'close');
  expect(socket.bytesRead).toBe(0);
});
