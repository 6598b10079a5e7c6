import { afterAll, describe, expect, test } from '@jest/globals';
import { createEgress } from './index.js';
import { failure, serve, stopServers } from './testing/serve.js';

const egress = createEgress({ allow: ['127.0.0.1'] });
afterAll(async () => {
  await egress.close();
  await stopServers();
});

describe('fetch', () => {
  test('streams an answer as it arrives', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    const answer = await egress.fetch(url);
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const reader = answer.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(new TextDecoder().decode(value)).toBe('data: 1\n\n');
    await reader?.cancel();
  });

  test('accepts a Request, a URL and every kind of header', async () => {
    const { url, requests } = await serve((_request, response) => response.end('{"a":1}'));
    const request = new Request(url, { method: 'POST', body: 'data', headers: { 'x-a': '1' } });
    expect(await (await egress.fetch(request)).json()).toEqual({ a: 1 });
    await egress.fetch(new URL(url), { method: 'POST', headers: [['x-a', '2']], body: 'more' });
    await egress.fetch(url, { method: 'POST', headers: new Headers({ 'x-a': '3' }), body: 'most' });
    expect(requests.map(({ body, headers }) => [body, headers['x-a']])).toEqual([
      ['data', '1'],
      ['more', '2'],
      ['most', '3'],
    ]);
  });

  test('follows redirects on its own origin only, up to a limit', async () => {
    const target = await serve();
    const start = await serve((request, response) => {
      if (request.url === '/here') response.end('here');
      const location = { '/loop': '/loop', '/': '/here' }[request.url ?? ''] ?? target.url;
      if (request.url !== '/here') response.writeHead(307, { location }).end();
    });
    const init = { method: 'POST', body: 'data', headers: { authorization: 'Bearer x' } };
    expect(await (await egress.fetch(start.url, init)).text()).toBe('here');
    expect(start.requests[1]).toMatchObject({ method: 'POST', body: 'data', headers: init.headers });
    for (const elsewhere of [init, { headers: init.headers }]) {
      const failed = await failure(egress.fetch(`${start.url}/elsewhere`, elsewhere));
      expect(failed.code).toBe('blocked');
      expect(failed.message).toContain(target.url);
    }
    expect(target.requests).toHaveLength(0);
    expect((await failure(egress.fetch(`${start.url}/loop`))).code).toBe('too_many_redirects');
    expect((await egress.fetch(`${start.url}/x`, { redirect: 'manual' })).status).toBe(307);
    expect((await failure(egress.fetch(start.url, { redirect: 'error' }))).code).toBe('too_many_redirects');
  });

  test("rejects with the signal's reason", async () => {
    const { url } = await serve(() => {});
    const controller = new AbortController();
    const work = egress.fetch(url, { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await expect(work).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });

  test('reports network errors without the query', async () => {
    const { url, port } = await serve();
    await stopServers();
    expect(await failure(egress.fetch(`${url}/?token=secret`))).toEqual({
      code: 'network',
      message: `Could not reach 127.0.0.1:${port}: the connection was refused.`,
    });
  });
});
