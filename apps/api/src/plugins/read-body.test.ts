import type { IncomingMessage } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { readBody } from './read-body.js';

const asRequest = (stream: Readable) => Object.assign(stream, { headers: {} }) as unknown as IncomingMessage;

test.each([
  ['nothing', []],
  ['one chunk', ['abc']],
  ['chunks of all sizes', ['a', 'bc', 'd'.repeat(100_000), 'e', 'f'.repeat(300_000)]],
])('reads %s', async (_name, chunks) => {
  const stream = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  expect(`${await readBody(asRequest(stream), 1_000_000)}`).toBe(chunks.join(''));
});

test('keeps no chunk after the first, because a chunk of one byte takes a hundred times its size', async () => {
  const stream = new PassThrough();
  const reading = readBody(asRequest(stream), 2_000);
  const chunks = Array.from('a body in many chunks', (character) => Buffer.from(character));
  for (const chunk of chunks) stream.emit('data', chunk);
  for (const chunk of chunks.slice(1)) chunk.fill('?');
  stream.end();
  expect(`${await reading}`).toBe('a body in many chunks');
});
