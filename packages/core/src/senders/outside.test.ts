import { readFileSync } from 'node:fs';
import { createEgress } from '@agenthook/egress';
import { type HttpServer, startHttpServer } from '@agenthook/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createOutside } from './outside.js';

const { certificate } = JSON.parse(readFileSync(new URL('sns-messages.json', import.meta.url), 'utf8')) as {
  certificate: string;
};

let server: HttpServer;
const asked = () => server.calls.map(({ path }) => path);

beforeAll(async () => {
  server = await startHttpServer(({ path }, response) => {
    if (path === '/certificate.pem') return response.end(certificate);
    if (path === '/elsewhere') return response.writeHead(302, { location: '/certificate.pem' }).end();
    if (path === '/text.pem') return response.end('no certificate');
    return response.writeHead(500).end();
  });
});
beforeEach(() => {
  server.calls.length = 0;
  outside = open([`127.0.0.1:${server.port}`]);
});
afterEach(() => outside.close());
afterAll(() => server.close());

let outside: ReturnType<typeof createOutside>;
const open = (allow: string[]) => createOutside(async () => createEgress({ allow }));

test('a certificate is fetched once, also for many requests at the same time', async () => {
  const keys = await Promise.all([1, 2, 3].map(() => outside.publicKeyAt(`${server.url}/certificate.pem`)));
  expect(keys.map(({ asymmetricKeyType }) => asymmetricKeyType)).toEqual(['rsa', 'rsa', 'rsa']);
  expect(asked()).toEqual(['/certificate.pem']);
});

test.each(['/down.pem', '/text.pem', '/elsewhere'])(
  '%s is no certificate, and is not asked for again at once',
  async (path) => {
    for (let times = 0; times < 3; times++)
      await expect(outside.publicKeyAt(server.url + path)).rejects.toMatchObject({
        code: 'busy',
        retryAfterSeconds: 10,
      });
    expect(asked()).toEqual([path]);
  },
);

test('a visit returns whether the answer was a success', async () => {
  expect(await outside.visit(`${server.url}/certificate.pem`)).toBe(true);
  expect(await outside.visit(`${server.url}/down`)).toBe(false);
});

test('what the guard refuses is not reached', async () => {
  outside = open([]);
  await expect(outside.publicKeyAt(`${server.url}/certificate.pem`)).rejects.toMatchObject({ code: 'busy' });
  expect(await outside.visit(`${server.url}/certificate.pem`)).toBe(false);
  expect(asked()).toEqual([]);
});

test('URLs that are no certificates never displace one, and only a few of them wait', async () => {
  await outside.publicKeyAt(`${server.url}/certificate.pem`);
  const flood = Array.from({ length: 100 }, (_, n) => outside.publicKeyAt(`${server.url}/down-${n}.pem`));
  const ended = await Promise.allSettled(flood);
  expect(ended.map(({ status }) => status)).not.toContain('fulfilled');
  expect(asked().length).toBeLessThan(30);
  for (let n = 0; n < 60; n++)
    await expect(outside.publicKeyAt(`${server.url}/gone-${n}.pem`)).rejects.toMatchObject({ code: 'busy' });
  server.calls.length = 0;
  await outside.publicKeyAt(`${server.url}/certificate.pem`);
  expect(asked()).toEqual([]);
});
