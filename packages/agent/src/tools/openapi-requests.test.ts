import { parseJson } from '@agenthook/json';
import { describe, expect, it } from '@jest/globals';
import { KEY, openShop, SPEC } from '../testing/described-shop.js';
import { startRecordingServer } from '../testing/recording-server.js';
import { caller } from '../testing/tool-environment.js';

const shop = openShop();

describe('openapi: the requests', () => {
  const headers = { 'X-Api-Key': '{{ secrets.key }}' };

  it('put each argument where it belongs', async () => {
    await shop.serve(SPEC, () => ({ order: 1, echo: KEY }));
    const call = caller(await shop.open({ headers }));
    const answer = await call('orders_get', {
      id: 'a/b ü',
      fields: ['x', 'y&z'],
      tags: ['p', 'q,r'],
      filter: { a: 1, b: { c: [true] } },
      raw: { k: 'v' },
      id_query: 7,
      'X-Trace': 'trace',
      'X-Api-Key': 'of the model',
    });
    expect(answer).toMatchObject({ status: 200, body: { order: 1, echo: '[redacted]' } });
    expect(shop.asked()?.method).toBe('GET');
    expect(shop.asked()?.path).toBe(
      '/live/v2/orders/a%2Fb%20%C3%BC?fields=x&fields=y%26z&tags=p,q%2Cr' +
        '&filter%5Ba%5D=1&filter%5Bb%5D%5Bc%5D%5B0%5D=true&raw=%7B%22k%22%3A%22v%22%7D&id=7',
    );
    expect(shop.asked()?.headers).toMatchObject({ 'x-trace': 'trace', 'x-api-key': KEY });
    expect(shop.asked()?.headers.authorization).toBeUndefined();
  });

  it('keep the digits of numbers', async () => {
    await shop.serve(SPEC, (_, response) => {
      response.setHeader('content-type', 'application/json').end('{"id":9007199254740993}');
    });
    const call = caller(await shop.open({ headers }));
    const id = parseJson('9007199254740993');
    const answer = await call('orders_get', { id, id_query: id, tags: [id], filter: { id }, raw: { id } });
    expect(JSON.stringify(answer)).toContain('{"id":9007199254740993}');
    expect(shop.asked()?.path).toBe(
      '/live/v2/orders/9007199254740993?tags=9007199254740993&filter%5Bid%5D=9007199254740993' +
        '&raw=%7B%22id%22%3A9007199254740993%7D&id=9007199254740993',
    );
  });

  it('go to no other origin: not by a redirect, and not by a fetched description', async () => {
    const other = await startRecordingServer(() => ({ got: 'it' }));
    try {
      await shop.serve(
        SPEC,
        (_, response) => void response.writeHead(307, { location: `${other.url}/x` }).end(),
      );
      const call = caller(await shop.open({ operations: ['orders-get'], headers }));
      const put = call('orders-get', { id: '1', body: { item: 'tea' } });
      await expect(put).rejects.toThrow(`another origin, ${other.url}`);
      await shop.server.close();
      await shop.serve(SPEC.replace("'{stage}/v2/'", other.url));
      await expect(shop.open({ headers, secrets: { key: KEY } })).rejects.toMatchObject({
        name: 'ToolError',
        message: expect.stringContaining(`${other.url}. This tool has secrets: set server_url`),
      });
      await shop.open({ headers, secrets: { key: KEY }, server_url: other.url });
      expect(other.requests).toHaveLength(0);
    } finally {
      await other.close();
    }
  });

  it('send a body as JSON, or as a form', async () => {
    await shop.serve(
      SPEC,
      (_, response) => void response.writeHead(201, { location: '/orders/9' }).end('made'),
    );
    const call = caller(await shop.open({ operations: ['orders-get', 'POST /orders'] }));
    expect(await call('orders-get', { id: '1', body: { item: 'tea' } })).toEqual({
      status: 201,
      headers: { location: '/orders/9' },
      body: 'made',
    });
    expect(shop.asked()).toMatchObject({ method: 'PUT', body: '{"item":"tea"}' });
    expect(shop.asked()?.headers['content-type']).toBe('application/vnd.shop+json');
    const form = { item: 'green tea', many: [1, 2], meta: { a: { b: 1 } }, note: { c: 1 }, none: null };
    await call('POST_orders', { body: form });
    expect(shop.asked()?.body).toBe(
      'item=green%20tea&many=1&many=2&meta%5Ba%5D%5Bb%5D=1&note=%7B%22c%22%3A1%7D&none=',
    );
    await call('POST_orders', {});
    expect(shop.asked()).toMatchObject({ method: 'POST', body: '' });
  });

  it.each(['..', '.', '../../admin', '..\\x', '%2e%2e', '', null])(
    'do not leave the operation through the path argument %j',
    async (id) => {
      await shop.serve();
      const call = caller(await shop.open({}));
      await expect(call('orders_get', { id })).rejects.toMatchObject({ name: 'ToolError' });
      expect(shop.asked()).toBeUndefined();
    },
  );

  it('do not let a model set its own headers', async () => {
    await shop.serve();
    const call = caller(await shop.open({}));
    await expect(call('orders_get', { id: '1', 'X-Trace': 'a\r\nX-Evil: 1' })).rejects.toMatchObject({
      name: 'ToolError',
    });
  });

  it('go to the configured server, or else to the most specific one in the description', async () => {
    await shop.serve();
    await caller(await shop.open({ server_url: `${shop.server.url}/mine/?v=1` }))('orders_get', {
      id: '1',
      id_query: 2,
    });
    expect(shop.asked()?.path).toBe('/mine/orders/1?v=1&id=2');
    const spec = shop.pasted({ '/a': { get: { servers: [{ url: `${shop.server.url}/own` }] } } });
    await caller(await shop.open({ spec, operations: ['GET /a'] }))('GET_a', {});
    expect(shop.asked()?.path).toBe('/own/a');
  });

  it('report an error status to the model, without values derived from secrets', async () => {
    await shop.serve(
      SPEC,
      ({ headers: got }, response) =>
        void response.writeHead(403, { 'retry-after': got.authorization }).end(`no ${got.authorization}`),
    );
    const call = caller(
      await shop.open({ headers: { Authorization: 'Basic {{ secrets.key | base64_encode }}' } }),
    );
    await expect(call('orders_get', { id: '1' })).rejects.toMatchObject({
      name: 'ToolError',
      message: 'HTTP 403 Forbidden (retry after [redacted]): no [redacted]',
    });
  });
});
