import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { createBlobStore } from './blob-store.js';
import { checkBlobs } from './check-blobs.js';

test('a store that never answers is a problem after a second', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const blobs = createBlobStore({
    url: `http://127.0.0.1:${port}/bucket`,
    region: 'eu-west-3',
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'secret',
  });
  const began = performance.now();
  expect(await checkBlobs({ blobs })).toEqual([
    'The store of files does not answer in time (BLOB_STORE_URL).',
  ]);
  // One request to the store may take ten seconds, and is made twice.
  expect(performance.now() - began).toBeLessThan(8_000);
  silent.close();
  for (const socket of sockets) socket.destroy();
  expect(await checkBlobs({ blobs: undefined })).toEqual([]);
});
