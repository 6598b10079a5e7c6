import { type AddressInfo, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createEgress, type Egress } from './index.js';
import { failure, serve, stopServers, type TestServer } from './testing/serve.js';

const egresses: Egress[] = [];
const open = (...args: Parameters<typeof createEgress>) => {
  const egress = createEgress(...args);
  egresses.push(egress);
  return egress;
};
let server: TestServer;
beforeAll(async () => {
  server = await serve();
});
afterEach(async () => {
  for (const egress of egresses.splice(0)) await egress.close();
});
afterAll(stopServers);

describe('what is refused', () => {
  test.each([
    ['loopback', 'http://127.0.0.1:PORT/'],
    ['a short form', 'http://127.1:PORT/'],
    ['decimal', 'http://2130706433:PORT/'],
    ['octal', 'http://0177.0.0.1:PORT/'],
    ['hexadecimal', 'http://0x7f000001:PORT/'],
    ['mixed, with a trailing dot', 'http://0x7f.0.0.1.:PORT/'],
    ['unspecified', 'http://0.0.0.0:PORT/'],
    ['zero', 'http://0:PORT/'],
    ['IPv6 loopback', 'http://[::1]:PORT/'],
    ['IPv6 unspecified', 'http://[::]:PORT/'],
    ['IPv4-mapped', 'http://[::ffff:127.0.0.1]:PORT/'],
    ['IPv4-mapped in hexadecimal', 'http://[::ffff:7f00:1]:PORT/'],
    ['IPv4-compatible', 'http://[::127.0.0.1]:PORT/'],
    ['NAT64', 'http://[64:ff9b::7f00:1]:PORT/'],
    ['6to4', 'http://[2002:7f00:1::]:PORT/'],
    ['metadata', 'http://169.254.169.254/latest/meta-data/'],
    ['metadata over IPv6', 'http://[fd00:ec2::254]/latest/'],
    ['localhost', 'http://localhost:PORT/'],
    ['localhost with a trailing dot', 'http://localhost.:PORT/'],
    ['wide digits', 'http://１２７.０.０.１:PORT/'],
    ['circled digits', 'http://①②⑦.⓪.⓪.①:PORT/'],
  ])('%s: %s', async (_name, url) => {
    const egress = open({ allow: [] });
    const seen = server.connections();
    const target = url.replace('PORT', String(server.port));
    expect(await failure(egress.request(target, {}))).toEqual({
      code: 'blocked',
      message: expect.stringMatching(/^Refused: \S+ .*EGRESS_ALLOW/),
    });
    expect((await failure(egress.fetch(target))).code).toBe('blocked');
    expect(server.connections()).toBe(seen);
  });

  test.each([
    'file:///etc/passwd',
    'gopher://127.0.0.1:70/_x',
    'ftp://example.com/',
    'data:text/plain,hi',
    'javascript:alert(1)',
    'ws://example.com/',
    'unix:/var/run/docker.sock',
    '//127.0.0.1/',
    'not a url',
    '',
    'http://',
    'http://user:secret@example.com/',
    'http://example.com:80@127.0.0.1/',
    'http://user@example.com/',
    'http://[::1%25eth0]/',
    'http://256.1.1.1/',
    'http://1.2.3.4.5/',
  ])('%s is not a URL to fetch', async (url) => {
    const egress = open({ allow: ['127.0.0.1', '::1'] });
    const { code, message } = await failure(egress.request(url, {}));
    expect(code).toBe('invalid_url');
    expect(message).not.toContain('secret');
    expect((await failure(egress.fetch(url))).code).toBe('invalid_url');
  });
});

describe('what is allowed', () => {
  test.each([
    ['an address', '127.0.0.1', 'http://127.0.0.1:PORT/'],
    ['an address with its port', '127.0.0.1:PORT', 'http://127.0.0.1:PORT/'],
    ['a CIDR', '127.0.0.0/8', 'http://2130706433:PORT/'],
    ['a name', 'service.internal', 'http://service.internal:PORT/'],
    ['a name with its port and a trailing dot', 'service.internal:PORT', 'http://SERVICE.internal.:PORT/'],
    ['a name by its address', '127.0.0.0/8', 'http://service.internal:PORT/'],
  ])('%s: %s', async (_name, entry, url) => {
    const fill = (text: string) => text.replace('PORT', String(server.port));
    const egress = open({ allow: [fill(entry)], lookup: async () => ['127.0.0.1'] });
    const { status, body } = await egress.request(fill(url), {});
    expect([status, body.toString()]).toEqual([200, 'ok']);
  });

  test.each(['127.0.0.1:1', 'service.internal:1', '10.0.0.0/8', 'other.internal'])(
    '%s does not cover it',
    async (entry) => {
      const egress = open({ allow: [entry], lookup: async () => ['127.0.0.1'] });
      const { code, message } = await failure(egress.request(`http://service.internal:${server.port}/`, {}));
      expect(code).toBe('blocked');
      expect(message).not.toContain('127.0.0.1');
    },
  );

  test('the Host header keeps the name', async () => {
    const egress = open({ allow: ['service.internal'], lookup: async () => ['127.0.0.1'] });
    await egress.request(`http://service.internal:${server.port}/`, { headers: { Host: 'forged' } });
    expect(server.requests.at(-1)?.headers.host).toBe(`service.internal:${server.port}`);
  });

  test('TLS names the host, not the resolved address', async () => {
    let hello = '';
    const tls = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (data) => {
        hello = data.toString('latin1');
        socket.destroy();
      });
    });
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    const { port } = tls.address() as AddressInfo;
    const egress = open({ allow: ['service.internal'], lookup: async () => ['127.0.0.1'] });
    const { code } = await failure(egress.request(`https://service.internal:${port}/`, {}));
    expect([code, hello]).toEqual(['network', expect.stringContaining('service.internal')]);
    tls.close();
  });

  test('any number of hosts can be requested in turn', async () => {
    const egress = open({ allow: [`127.0.0.1:${server.port}`], lookup: async () => ['127.0.0.1'] });
    for (let number = 0; number < 600; number += 1) {
      const { status } = await egress.request(`http://host-${number}.example:${server.port}/`, {});
      expect(status).toBe(200);
    }
  });
});

describe('names whose answer changes', () => {
  test('the socket connects to the checked answer, resolved once', async () => {
    const other = await serve(undefined, '127.0.0.2');
    const answers = [['127.0.0.2'], ['127.0.0.1'], ['127.0.0.1']];
    let lookups = 0;
    const lookup = async () => answers[lookups++] ?? [];
    const egress = open({ allow: ['127.0.0.2'], lookup });
    const { status } = await egress.request(`http://rebind.example:${other.port}/`, {});
    expect([status, lookups, other.connections()]).toEqual([200, 1, 1]);
  });

  test('a public answer followed by a private one never reaches the private one', async () => {
    const seen = server.connections();
    let lookups = 0;
    const lookup = async () => (lookups++ === 0 ? ['198.41.0.4'] : ['127.0.0.1']);
    const egress = open({ allow: [], lookup });
    const { code } = await failure(
      egress.request(`http://rebind.example:${server.port}/`, { timeoutMs: 300 }),
    );
    expect(['timeout', 'network']).toContain(code);
    expect([lookups, server.connections()]).toEqual([1, seen]);
  });

  test('one private address among public ones is enough to refuse', async () => {
    const egress = open({ allow: [], lookup: async () => ['198.41.0.4', '::ffff:10.0.0.1'] });
    expect((await failure(egress.request('http://mixed.example/', {}))).code).toBe('blocked');
  });

  test('a redirect is resolved and checked again', async () => {
    const start = await serve((_request, response) => {
      response.writeHead(302, { location: `http://inner.example:${server.port}/?token=abc` }).end();
    });
    const lookup = async (host: string) => (host === 'inner.example' ? ['127.0.0.1'] : ['127.0.0.2']);
    const egress = open({ allow: [`127.0.0.1:${start.port}`], lookup });
    const seen = server.connections();
    const { code, message } = await failure(egress.request(start.url, {}));
    expect([code, server.connections()]).toEqual(['blocked', seen]);
    expect(message).not.toContain('token');
    expect((await failure(egress.fetch(start.url))).code).toBe('blocked');
  });
});

describe('resolve', () => {
  test('returns a checked address', async () => {
    const egress = open({ allow: ['db.internal:5432'], lookup: async () => ['10.0.0.7', '10.0.0.8'] });
    expect(await egress.resolve('DB.internal.', 5432)).toEqual({ address: '10.0.0.7', family: 4 });
    expect(await failure(egress.resolve('db.internal', 5433))).toMatchObject({ code: 'blocked' });
    expect(await failure(egress.resolve('::1', 5432))).toMatchObject({ code: 'blocked' });
  });

  test('reports names that do not exist, and stops on abort', async () => {
    const missing = open({ allow: [], lookup: async () => [] });
    expect(await failure(missing.resolve('nowhere.example', 1))).toEqual({
      code: 'network',
      message: 'Could not reach nowhere.example: the host was not found.',
    });
    const slow = open({ allow: [], lookup: () => new Promise(() => {}) });
    const signal = AbortSignal.timeout(50);
    expect(await failure(slow.resolve('slow.example', 1, { signal }))).toMatchObject({ code: 'aborted' });
  });
});
