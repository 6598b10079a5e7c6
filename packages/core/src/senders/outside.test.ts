import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEgress } from '@agenthook/egress';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createOutside } from './outside.js';

const { certificate } = JSON.parse(readFileSync(new URL('sns-messages.json', import.meta.url), 'utf8')) as {
  certificate: string;
};

let server: Server;
let base: string;
let asked: string[] = [];
let port: number;

beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    asked.push(url);
    if (url === '/certificate.pem') return response.end(certificate);
    if (url === '/elsewhere') return response.writeHead(302, { location: '/certificate.pem' }).end();
    if (url === '/text.pem') return response.end('no certificate');
    return response.writeHead(500).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
  base = `http://127.0.0.1:${port}`;
});
beforeEach(() => {
  asked = [];
  outside = open([`127.0.0.1:${port}`]);
});
afterEach(() => outside.close());
afterAll(() => {
  server.close();
});

let outside: ReturnType<typeof createOutside>;
const open = (allow: string[]) => createOutside(async () => createEgress({ allow }));

test('a certificate is fetched once, also for many requests at the same time', async () => {
  const keys = await Promise.all([1, 2, 3].map(() => outside.publicKeyAt(`${base}/certificate.pem`)));
  expect(keys.map(({ asymmetricKeyType }) => asymmetricKeyType)).toEqual(['rsa', 'rsa', 'rsa']);
  expect(asked).toEqual(['/certificate.pem']);
});

test.each(['/down.pem', '/text.pem', '/elsewhere'])(
  '%s is no certificate, and is not asked for again at once',
  async (path) => {
    for (let times = 0; times < 3; times++)
      await expect(outside.publicKeyAt(base + path)).rejects.toMatchObject({
        code: 'busy',
        retryAfterSeconds: 10,
      });
    expect(asked).toEqual([path]);
  },
);

test('a visit tells whether it was answered with success', async () => {
  expect(await outside.visit(`${base}/certificate.pem`)).toBe(true);
  expect(await outside.visit(`${base}/down`)).toBe(false);
});

test('what the guard refuses is not reached', async () => {
  outside = open([]);
  await expect(outside.publicKeyAt(`${base}/certificate.pem`)).rejects.toMatchObject({ code: 'busy' });
  expect(await outside.visit(`${base}/certificate.pem`)).toBe(false);
  expect(asked).toEqual([]);
});
