import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { inTurns, MOST_WAITING } from './in-turns.js';

let server: Server;
/** The requests that were passed on, and in which turn of the event loop. */
let passed: { url: string; turn: number }[];
let turn = 0;
let next: NodeJS.Immediate;
const count = () => {
  turn += 1;
  next = setImmediate(count);
};
beforeEach(async () => {
  passed = [];
  count();
  const handler = inTurns((request, response) => {
    passed.push({ url: request.url ?? '', turn });
    response.end('done');
  });
  server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  clearImmediate(next);
  server.closeAllConnections();
  server.close();
});

const requests = (name: string, count: number) =>
  Array.from({ length: count }, (_, n) => `GET /${name}${n} HTTP/1.1\r\nHost: a\r\n\r\n`).join('');

async function client(): Promise<{ socket: Socket; text: () => string }> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await once(socket, 'connect');
  return { socket, text: () => text };
}

test('requests of one connection are passed on in order, one in a turn', async () => {
  const { socket, text } = await client();
  socket.write(requests('a', 50));
  while (text().split('done').length <= 50) await once(socket, 'data');
  expect(passed.map(({ url }) => url)).toEqual(Array.from({ length: 50 }, (_, n) => `/a${n}`));
  expect(new Set(passed.map((each) => each.turn)).size).toBe(50);
  socket.write(requests('b', 1));
  while (passed.length < 51) await once(socket, 'data');
  expect(passed.at(-1)?.url).toBe('/b0');
});

test('a connection of which too many wait ends', async () => {
  const { socket, text } = await client();
  socket.on('error', () => undefined);
  socket.write(requests('a', 2_000));
  await once(socket, 'close');
  expect(text().split('done').length).toBeLessThan(MOST_WAITING);
  expect(passed.length).toBeLessThan(MOST_WAITING);
});
