import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { brotliCompressSync, createGzip, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createEgress } from './index.js';
import { failure, serve, stopServers } from './testing/serve.js';

const egress = createEgress({ allow: ['127.0.0.1'] });
afterAll(async () => {
  await egress.close();
  await stopServers();
});

describe('request', () => {
  test('sends method, headers and body, and returns the answer', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(201, { 'X-One': 'a', 'Set-Cookie': ['a=1', 'b=2'] }).end('made');
    });
    const answer = await egress.request(`${server.url}/x?y=1#z`, {
      method: 'post',
      headers: { 'X-Key': 'k', 'Content-Length': '999', Connection: 'close', Host: 'forged.example' },
      body: 'data',
    });
    expect(answer).toMatchObject({ status: 201, truncated: false, url: `${server.url}/x?y=1` });
    expect(answer.headers).toMatchObject({ 'x-one': 'a', 'set-cookie': 'a=1, b=2' });
    expect(answer.body.toString()).toBe('made');
    expect(server.requests).toEqual([
      expect.objectContaining({
        method: 'POST',
        url: '/x?y=1',
        body: 'data',
        headers: expect.objectContaining({
          'x-key': 'k',
          'content-length': '4',
          host: `127.0.0.1:${server.port}`,
          'user-agent': 'AgentHook',
        }),
      }),
    ]);
  });

  test('refuses headers with line breaks', async () => {
    const { url } = await serve();
    const { code, message } = await failure(egress.request(url, { headers: { 'x-a': 'secret\r\nx-b: 1' } }));
    expect([code, message]).toEqual(['invalid_url', 'The header "x-a" is not valid in HTTP.']);
  });

  test("ignores the environment's proxy", async () => {
    const { url } = await serve();
    process.env.HTTP_PROXY = 'http://127.0.0.1:9';
    process.env.http_proxy = 'http://127.0.0.1:9';
    try {
      expect((await egress.request(url, {})).status).toBe(200);
    } finally {
      delete process.env.HTTP_PROXY;
      delete process.env.http_proxy;
    }
  });

  test('says briefly why there was no answer, without path or query', async () => {
    expect(await failure(egress.request('http://127.0.0.1:9/secret?token=secret', {}))).toEqual({
      code: 'network',
      message: 'Could not reach 127.0.0.1:9: the connection was refused.',
    });
  });

  test('gives up on endless headers', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'x-long': 'a'.repeat(100_000) }).end();
    });
    expect((await failure(egress.request(url, {}))).message).toMatch(/headers of its answer are too large/);
  });

  test('gives up on answers that are not HTTP', async () => {
    const server = createServer((socket) => socket.end('220 ready\r\n')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect((await failure(egress.request(`http://127.0.0.1:${port}`, {}))).message).toMatch(/not valid HTTP/);
    server.close();
  });
});

describe('sizes', () => {
  test('stops reading a body that never ends', async () => {
    const { url } = await serve((_request, response) => {
      const chunk = Buffer.alloc(65_536, 'a');
      const push = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', push).writeHead(200, { 'content-length': String(10 * 1024 ** 3) });
      push();
    });
    const before = process.memoryUsage().rss;
    const answer = await egress.request(url, { maxBytes: 100_000 });
    expect([answer.truncated, answer.body.length]).toEqual([true, 100_000]);
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 ** 2);
  });

  test('a gzip bomb yields only what the limit allows', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      const gzip = createGzip({ level: 9 });
      gzip.pipe(response);
      const zeros = Buffer.alloc(1024 ** 2);
      for (let index = 0; index < 200; index += 1) gzip.write(zeros);
      gzip.end();
    });
    const before = process.memoryUsage().rss;
    const answer = await egress.request(url, { maxBytes: 50_000 });
    expect([answer.truncated, answer.body.length]).toEqual([true, 50_000]);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 ** 2);
  });

  test.each([
    ['gzip', gzipSync('hello')],
    ['x-gzip', gzipSync('hello')],
    ['deflate', deflateSync('hello')],
    ['deflate', deflateRawSync('hello')],
    ['br', brotliCompressSync('hello')],
    ['gzip, br', brotliCompressSync(gzipSync('hello'))],
    ['identity', Buffer.from('hello')],
  ])('decodes %s', async (encoding, bytes) => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(bytes);
    });
    const { body, truncated } = await egress.request(url, { maxBytes: 5 });
    expect([body.toString(), truncated]).toEqual(['hello', false]);
  });

  test.each([
    ['gzip', 'not gzip at all', /not compressed as it says/],
    ['zstd', 'x', /was not requested/],
    ['gzip, gzip, gzip, gzip', 'x', /too many layers/],
  ])('refuses %s with %s', async (encoding, text, message) => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(text);
    });
    expect((await failure(egress.request(url, {}))).message).toMatch(message);
  });

  test('HEAD has an encoding and no body', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end();
    });
    expect((await egress.request(url, { method: 'HEAD' })).body).toHaveLength(0);
  });
});

describe('time', () => {
  test('a slow drip does not outlast the deadline', async () => {
    const { url } = await serve((_request, response) => {
      const timer = setInterval(() => response.write('a'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const started = Date.now();
    expect(await failure(egress.request(url, { timeoutMs: 300 }))).toEqual({
      code: 'timeout',
      message: 'No complete answer within 0.3 seconds.',
    });
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  test('the deadline covers redirects', async () => {
    const { url } = await serve((_request, response) => {
      setTimeout(() => response.writeHead(302, { location: '/' }).end(), 150);
    });
    expect((await failure(egress.request(url, { timeoutMs: 400 }))).code).toBe('timeout');
  });

  test('an abort ends it at once, whatever it is waiting for', async () => {
    const { url } = await serve(() => {});
    const started = Date.now();
    const work = egress.request(url, { signal: AbortSignal.timeout(50) });
    expect((await failure(work)).code).toBe('aborted');
    expect((await failure(egress.request(url, { signal: AbortSignal.abort() }))).code).toBe('aborted');

    const unresolved = createEgress({ allow: [], lookup: () => new Promise(() => {}) });
    const resolving = unresolved.request('http://slow.example/', { signal: AbortSignal.timeout(50) });
    expect((await failure(resolving)).code).toBe('aborted');
    expect(Date.now() - started).toBeLessThan(10_000);
    await unresolved.close();
  });
});

describe('redirects', () => {
  test('are followed at most five times', async () => {
    const { url, requests } = await serve((_request, response) => {
      response.writeHead(302, { location: '/again' }).end('x'.repeat(1_000_000));
    });
    expect(await failure(egress.request(url, {}))).toEqual({
      code: 'too_many_redirects',
      message: 'Gave up after 5 redirects.',
    });
    expect(requests).toHaveLength(6);
    expect((await failure(egress.request(url, { maxRedirects: 0 }))).code).toBe('too_many_redirects');
  });

  test('are ordinary answers if they must not be followed', async () => {
    const { url, requests } = await serve((_request, response) => {
      response.writeHead(308, { location: 'file:///etc/passwd' }).end('moved');
    });
    const answer = await egress.request(url, { method: 'POST', body: 'data', redirect: 'manual' });
    expect([answer.status, answer.body.toString(), answer.url]).toEqual([308, 'moved', `${url}/`]);
    expect(requests).toHaveLength(1);
  });

  test('to another origin carry neither credentials nor a query', async () => {
    const target = await serve();
    const start = await serve((_request, response) => {
      response.writeHead(302, { location: `${target.url}/there` }).end();
    });
    const headers = { Authorization: 'Bearer x', Cookie: 'a=b', 'X-Api-Key': 'k', Accept: 'text/html' };
    const answer = await egress.request(`${start.url}/?key=k`, { method: 'POST', headers, body: 'data' });
    expect(answer.url).toBe(`${target.url}/there`);
    expect(target.requests[0]).toMatchObject({ method: 'GET', body: '', headers: { accept: 'text/html' } });
    for (const name of ['authorization', 'cookie', 'x-api-key', 'referer', 'content-type'])
      expect(target.requests[0]?.headers).not.toHaveProperty(name);
  });

  test.each([301, 302, 307, 308])('%i to another origin never carries a body', async (status) => {
    const target = await serve();
    const start = await serve((_request, response) => {
      response.writeHead(status, { location: `${target.url}/there` }).end();
    });
    expect(await failure(egress.request(start.url, { method: 'PUT', body: 'the secret' }))).toEqual({
      code: 'blocked',
      message:
        `Refused: 127.0.0.1:${start.port} redirects to another origin, ${target.url}, ` +
        'which would get the request body.',
    });
    expect(target.requests).toHaveLength(0);
  });

  test.each([301, 302, 303, 307, 308])('%i stays on its origin if the request says so', async (status) => {
    const target = await serve();
    const start = await serve((request, response) => {
      const location = request.url === '/' ? '/here' : `${target.url}/there`;
      response.writeHead(status, { location }).end();
    });
    const failed = await failure(egress.request(start.url, { redirect: 'same-origin', method: 'POST' }));
    expect(failed.code).toBe('blocked');
    expect(failed.message).toContain(`redirects to another origin, ${target.url}`);
    expect(start.requests).toHaveLength(2);
    expect(target.requests).toHaveLength(0);
  });

  test('go only to allowed hosts if there is a list', async () => {
    const start = await serve((request, response) => {
      const location = `http://localhost:${start.port}/there`;
      if (request.url === '/') response.writeHead(302, { location }).end();
      else response.end('there');
    });
    const refused = {
      code: 'blocked',
      message: 'Refused: localhost is not among the allowed hosts.',
    };
    expect(await failure(egress.request(start.url, { allowedHosts: ['127.0.0.1'] }))).toEqual(refused);
    expect(start.requests).toHaveLength(1);
    const both = await egress.request(start.url, { allowedHosts: ['127.0.0.1', 'LOCALHOST'] });
    expect(both.body.toString()).toBe('there');
    const first = await failure(egress.request(start.url, { allowedHosts: ['*.0.0.1'] }));
    expect(first.message).toContain('127.0.0.1 is not among');
  });

  test('within the origin keep credentials, and turn POST into GET', async () => {
    const { url, requests } = await serve((request, response) => {
      if (request.url === '/') response.writeHead(303, { location: '/there' }).end();
      else response.end('there');
    });
    const headers = { authorization: 'Bearer x', 'content-type': 'text/plain' };
    await egress.request(url, { method: 'POST', headers, body: 'data' });
    expect(requests[1]).toMatchObject({ method: 'GET', body: '', headers: { authorization: 'Bearer x' } });
    expect(requests[1]?.headers).not.toHaveProperty('content-type');
  });
});
