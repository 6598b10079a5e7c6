import { describe, expect, it } from '@jest/globals';
import { openShop, SPEC } from '../testing/described-shop.js';
import { startRecordingServer } from '../testing/recording-server.js';
import { caller, toolEnvironment } from '../testing/tool-environment.js';
import { openApiTool } from './openapi.js';

const shop = openShop();

describe('openapi: what the model sees', () => {
  it('is one tool for each chosen operation, with a valid name of its own', async () => {
    await shop.serve();
    const { tools } = await shop.open({
      description: 'Our shop.',
      operations: ['orders.get', 'put /orders/{id}', 'orders-get', 'POST /orders'],
    });
    expect(tools.map(({ name, repeat_safe }) => [name, repeat_safe])).toEqual([
      ['orders_get', true],
      ['orders-get', false],
      ['POST_orders', false],
    ]);
    expect(tools.map(({ description }) => description)).toEqual([
      'Our shop.\nGet an order\nAll of it.',
      'Our shop.\nPUT /orders/{id}',
      'Our shop.\nPOST /orders',
    ]);
    expect((await shop.open({ repeat_safe: false })).tools[0]?.repeat_safe).toBe(false);
  });

  it('refuses an operationId that two operations have, and accepts METHOD /path instead', async () => {
    await shop.serve();
    const spec = shop.pasted({
      '/orders/{id}': {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        get: { operationId: 'order' },
        delete: { operationId: 'order' },
      },
    });
    await expect(shop.open({ spec, operations: ['order'] })).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringMatching(
        /2 operations with the operationId "order": GET \/orders\/\{id\}, DELETE .*METHOD \/path/,
      ),
    });
    const opened = await shop.open({ spec, operations: ['get /orders/{id}'] });
    expect(opened.tools.map(({ name }) => name)).toEqual(['GET_orders_id']);
    await caller(opened)('GET_orders_id', { id: '7' });
    expect(shop.asked()).toMatchObject({ method: 'GET', path: '/orders/7' });
  });

  it("prefixes the tool's name if two operations have the same name", async () => {
    await shop.serve();
    const spec = shop.pasted({ '/a': { get: { operationId: 'a.b' }, put: { operationId: 'a/b' } } });
    const { tools } = await shop.open({ spec, operations: ['a.b', 'a/b'] });
    expect(tools.map(({ name }) => name)).toEqual(['a_b', 'shop_a_b']);
  });

  it('is parameters from path, query and header, except those that the model may not set', async () => {
    await shop.serve();
    const { tools } = await shop.open({ headers: { 'x-api-key': '{{ secrets.key }}' } });
    expect(tools[0]?.parameters).toEqual({
      type: 'object',
      properties: {
        id: { type: 'string', description: 'The order.' },
        fields: { type: 'array', items: { type: 'string' } },
        tags: { type: 'array', items: { type: 'string' } },
        filter: { type: 'object' },
        raw: { type: 'object' },
        id_query: { type: 'integer' },
        'X-Trace': { type: 'string' },
      },
      required: ['id'],
    });
  });

  it('is a body without references, as JSON Schema 2020-12; recursion ends', async () => {
    await shop.serve();
    const { tools } = await shop.open({ operations: ['orders-get'] });
    expect(tools[0]?.parameters).toMatchObject({
      properties: {
        body: {
          type: 'object',
          required: ['item'],
          properties: {
            item: { type: ['string', 'null'] },
            count: { type: 'integer', exclusiveMinimum: 0 },
            parent: { description: 'What it belongs to.' },
          },
        },
      },
      required: ['id', 'body'],
    });
    expect(JSON.stringify(tools)).not.toMatch(/\$ref|example|nullable|readOnly/);
  });

  it('stays small however many references a description has', async () => {
    await shop.serve();
    const twice = (n: number) => ({ $ref: `#/components/schemas/S${n}` });
    const schemas = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [
        `S${n}`,
        { type: 'object', properties: { a: twice(n + 1), b: twice(n + 1) }, anyOf: [twice(n + 1)] },
      ]),
    );
    const content = { 'application/json': { schema: twice(0) } };
    const spec = shop.pasted(
      { '/a': { post: { requestBody: { content } } } },
      { schemas: { ...schemas, S40: {} } },
    );
    const { tools } = await shop.open({ spec, operations: ['POST /a'] });
    expect(JSON.stringify(tools).length).toBeLessThan(100_000);
  });

  it("is not confused by YAML's cyclic aliases", async () => {
    await shop.serve();
    const spec = `{openapi: 3.1.0, servers: [{url: 'http://a.example'}], paths: {/a: {post: {requestBody: {content: {
      application/json: {schema: &s {type: object, default: *s, properties: {a: *s, b: *s}}}}}}}}}`;
    const { tools } = await shop.open({ spec, operations: ['POST /a'] });
    expect(JSON.stringify(tools).length).toBeLessThan(100_000);
  });
});

describe('openapi: the description', () => {
  it('is fetched once for many runs', async () => {
    await shop.serve();
    await Promise.all([shop.open({}), shop.open({}), shop.open({})]);
    await shop.open({});
    expect(shop.server.requests).toHaveLength(1);
  });

  it('is fetched again after a failure', async () => {
    let status = 503;
    shop.server = await startRecordingServer((_, response) => void response.writeHead(status).end(SPEC));
    await expect(shop.open({})).rejects.toThrow('HTTP 503');
    status = 200;
    expect((await shop.open({})).tools).toHaveLength(1);
  });

  it('does not hold up a run that has ended', async () => {
    shop.server = await startRecordingServer(() => undefined);
    const run = new AbortController();
    setTimeout(() => run.abort(new Error('cancelled')), 50);
    await expect(shop.open({}, run.signal)).rejects.toThrow('cancelled');
  });

  it('is searched for names similar to a missing operation', async () => {
    await shop.serve();
    await expect(
      shop.open({ operations: ['orders.get', 'getOrder', 'DELETE /orders'] }),
    ).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringMatching(
        /"getOrder"\. Similar ones: .*orders\.get.*"DELETE \/orders"\. Similar ones: .*POST \/orders/,
      ),
    });
  });

  it.each<[string, string, RegExp]>([
    ['Swagger 1', '{"swagger": "1.2", "paths": {}}', /neither OpenAPI version 3/],
    ['no version', 'paths: {}', /version 3/],
    ['no paths', 'openapi: 3.1.0', /paths/],
    ['a list', '- 1', /not an object/],
    ['broken JSON', '{"openapi":', /neither valid JSON nor/],
    ['broken YAML', 'a: [1', /nor valid YAML/],
    ['too deep', `{openapi: ${'['.repeat(200_000)}`, /nor valid YAML/],
    [
      'an external reference',
      'openapi: 3.1.0\npaths: {/a: {$ref: "http://169.254.169.254/"}}',
      /outside the document/,
    ],
    ['a file reference', 'openapi: 3.1.0\npaths: {/a: {$ref: "/etc/passwd"}}', /outside the document/],
    ['a dangling reference', 'openapi: 3.1.0\npaths: {/a: {$ref: "#/__proto__"}}', /contains nothing at/],
    ['a circle', 'openapi: 3.1.0\npaths: {/a: {$ref: "#/paths/~1a"}}', /circular/],
    ['no server', 'openapi: 3.1.0\npaths: {/a: {get: {}}}', /Set server_url/],
    [
      'a strange server',
      'openapi: 3.1.0\nservers: [{url: "file:///etc"}]\npaths: {/a: {get: {}}}',
      /Set server_url/,
    ],
  ])('is refused if it is or has %s', async (_name, spec, message) => {
    await expect(shop.open({ spec, operations: ['GET /a'] })).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringMatching(message),
    });
  });

  it('is refused if it is too large, missing, or has a body that cannot be sent', async () => {
    await shop.serve(`${SPEC}#${'x'.repeat(20 * 1024 * 1024)}`);
    await expect(shop.open({})).rejects.toThrow('20 MiB');
    await shop.serve(`{"openapi": "3.1.0", "x": [${'{},'.repeat(6_000_000)}{}]}`);
    await expect(shop.open({})).rejects.toThrow('too large');
    await expect(shop.open({ spec: SPEC, operations: ['upload'] })).rejects.toThrow('image/png');
    const env = toolEnvironment({ egress: shop.egress });
    const none = { type: 'openapi', name: 'x', operations: ['a'] } as const;
    const opening = openApiTool.open({ ...none, operations: ['a'] }, env, {
      signal: new AbortController().signal,
    });
    await expect(opening).rejects.toThrow('spec_url');
  });
});
