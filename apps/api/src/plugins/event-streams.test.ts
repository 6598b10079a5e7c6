import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '@agenthook/core';
import { readEvents, until } from '@agenthook/testing';
import { afterEach, expect, test } from '@jest/globals';
import type { FastifyBaseLogger } from 'fastify';
import { createEventStreams, type EventStreams } from './event-streams.js';

let server: Server | undefined;
let streams: EventStreams | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = streams = undefined;
});

/** Serves `chunks` to each reader, and counts the chunks read and the readers who have left. */
async function serve(
  chunks: () => AsyncIterable<string>,
  limits?: { stallMs: number; maxHeldBytes: number },
) {
  const counted = { chunks: 0, gone: 0 };
  const opened = createEventStreams(createLogger('test', 'silent') as FastifyBaseLogger, limits);
  streams = opened;
  server = createServer((_request, response) => {
    const each = async function* () {
      for await (const chunk of chunks()) {
        counted.chunks += 1;
        yield chunk;
      }
    };
    const onGone = () => {
      counted.gone += 1;
    };
    opened.open(each(), response, onGone).pipe(response);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, counted, opened };
}

const event = (text: string) => `id: 1\nevent: text\ndata: ${JSON.stringify(text)}\n\n`;

test('a stream sends all its chunks and ends', async () => {
  const { url, counted, opened } = await serve(async function* () {
    yield event('a');
    await sleep(50);
    yield event('b'.repeat(200_000)) + event('ü');
  });
  const reader = await readEvents(url);
  expect(await reader.ended).toBe('end');
  expect(reader.text()).toMatch(/^retry: 2000\n\n/);
  expect(reader.events().map(({ data }) => data)).toEqual(['a', 'b'.repeat(200_000), 'ü']);
  await until('it is forgotten', () => opened.size === 0);
  expect(counted.gone).toBe(1);
});

test('no chunk is read before the reader is ready; a stalled reader is disconnected', async () => {
  const many = async function* () {
    for (let n = 0; n < 1_000; n++) yield event('x'.repeat(100_000));
  };
  const { url, counted, opened } = await serve(many, { stallMs: 1_500, maxHeldBytes: 1e9 });
  const slow = await readEvents(url);
  slow.pause();
  await sleep(500);
  const asked = counted.chunks;
  expect(asked).toBeLessThan(200);
  await until('it is disconnected', () => opened.size === 0);
  expect(counted).toEqual({ chunks: asked, gone: 1 });
  slow.resume();
  expect(await slow.ended).toBe('lost');

  const quick = await readEvents(url);
  expect(await quick.ended).toBe('end');
  expect(quick.events()).toHaveLength(1_000);
}, 30_000);

test('the unread data of all readers together is bounded', async () => {
  const endless = async function* () {
    for (;;) yield event('x'.repeat(100_000));
  };
  const { url, opened } = await serve(endless, { stallMs: 60_000, maxHeldBytes: 500_000 });
  const readers = await Promise.all(Array.from({ length: 20 }, () => readEvents(url)));
  for (const reader of readers) reader.pause();
  await until('some are disconnected', () => opened.size < 6);
  expect(opened.size).toBeGreaterThan(0);
  for (const reader of readers) reader.close(true);
  await until('all have left', () => opened.size === 0);
}, 30_000);

test('a stop ends waiting streams, and disconnects readers that do not read the end', async () => {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  let isFirst = true;
  const { url, opened } = await serve(async function* () {
    const large = isFirst;
    isFirst = false;
    if (large) for (let n = 0; n < 1_000; n++) yield event('x'.repeat(100_000));
    await stopped;
  });
  const slow = await readEvents(url);
  slow.pause();
  const idle = await readEvents(url);
  await until('both are open', () => opened.size === 2);
  const began = performance.now();
  stop();
  await opened.close();
  expect(opened.size).toBe(0);
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(await idle.ended).toBe('end');
  slow.resume();
  expect(await slow.ended).toBe('lost');
});
