import { describe, expect, it } from '@jest/globals';
import { openShop } from '../testing/described-shop.js';
import { caller, toolEnvironment } from '../testing/tool-environment.js';
import { openApiTool } from './openapi.js';

const shop = openShop();
const ok = { responses: { 200: { description: 'ok' } } };

const open = async (config: Parameters<typeof shop.open>[0]) => {
  const opened = await shop.open(config);
  return { call: caller(opened), tools: opened.tools };
};

describe('Swagger 2.0', () => {
  const SWAGGER = {
    swagger: '2.0',
    basePath: '/v1',
    consumes: ['application/json'],
    paths: {
      '/pets/{id}': {
        parameters: [{ name: 'id', in: 'path', required: true, type: 'integer', format: 'int64' }],
        get: {
          operationId: 'getPet',
          parameters: [
            { name: 'tags', in: 'query', type: 'array', items: { type: 'string' } },
            {
              name: 'status',
              in: 'query',
              type: 'array',
              items: { type: 'string' },
              collectionFormat: 'multi',
            },
            {
              name: 'pipes',
              in: 'query',
              type: 'array',
              items: { type: 'string' },
              collectionFormat: 'pipes',
            },
            { $ref: '#/parameters/Limit' },
          ],
          ...ok,
        },
        put: {
          operationId: 'putPet',
          parameters: [{ name: 'pet', in: 'body', required: true, schema: { $ref: '#/definitions/Pet' } }],
          ...ok,
        },
      },
      '/login': {
        post: {
          operationId: 'login',
          consumes: ['application/x-www-form-urlencoded'],
          parameters: [
            { name: 'user', in: 'formData', type: 'string', required: true },
            { name: 'roles', in: 'formData', type: 'array', items: { type: 'string' } },
          ],
          ...ok,
        },
      },
      '/photos': {
        post: {
          operationId: 'upload',
          parameters: [
            { name: 'photo', in: 'formData', type: 'file', description: 'The photo.' },
            { name: 'title', in: 'formData', type: 'string' },
          ],
          ...ok,
        },
      },
    },
    parameters: { Limit: { name: 'limit', in: 'query', type: 'integer', minimum: 1 } },
    definitions: {
      Pet: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, owner: { type: 'string', 'x-nullable': true } },
      },
    },
  };
  const operations = ['getPet', 'putPet', 'login', 'upload'];

  it('is read like OpenAPI 3', async () => {
    await shop.serve(JSON.stringify(SWAGGER));
    const { call, tools } = await open({ operations });
    expect(tools.map(({ name, parameters }) => [name, parameters])).toMatchObject([
      [
        'getPet',
        {
          properties: {
            id: { type: 'integer', format: 'int64' },
            tags: { type: 'array', items: { type: 'string' } },
            limit: { type: 'integer', minimum: 1 },
          },
          required: ['id'],
        },
      ],
      [
        'putPet',
        {
          properties: {
            body: {
              properties: { name: { type: 'string' }, owner: { type: ['string', 'null'] } },
              required: ['name'],
            },
          },
          required: ['id', 'body'],
        },
      ],
      ['login', { properties: { body: { properties: { user: { type: 'string' } }, required: ['user'] } } }],
      ['upload', { properties: { body: { properties: { photo: { description: 'The photo.' } } } } }],
    ]);
    await call('getPet', { id: 7, tags: ['a', 'b,c'], status: ['x', 'y'], pipes: ['1', '2'], limit: 3 });
    expect(shop.asked()?.path).toBe('/v1/pets/7?tags=a,b%2Cc&status=x&status=y&pipes=1|2&limit=3');
    await call('putPet', { id: 7, body: { name: 'Rex' } });
    expect(shop.asked()).toMatchObject({
      body: '{"name":"Rex"}',
      headers: { 'content-type': 'application/json' },
    });
    await call('login', { body: { user: 'a b', roles: ['x', 'y'] } });
    expect(shop.asked()?.body).toBe('user=a%20b&roles=x,y');
    await call('upload', { body: { photo: 'the bytes', title: 'Rex' } });
    expect(shop.asked()?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  });

  it('names its server', async () => {
    await shop.serve('');
    const host = new URL(shop.server.url).host;
    const spec = JSON.stringify({ ...SWAGGER, schemes: ['http'], host });
    await (await open({ spec, operations: ['login'] })).call('login', { body: { user: 'a' } });
    expect(shop.asked()?.path).toBe('/v1/login');
  });
});

describe('a form with files', () => {
  const spec = (encoding = {}) =>
    shop.pasted({
      '/files': {
        post: {
          operationId: 'upload',
          requestBody: {
            required: true,
            content: {
              'multipart/form-data': {
                schema: {
                  type: 'object',
                  properties: {
                    file: { type: 'string', format: 'binary' },
                    more: { type: 'array', items: { type: 'string', format: 'binary' } },
                    about: { type: 'object' },
                    tags: { type: 'array', items: { type: 'string' } },
                    count: { type: 'integer' },
                  },
                },
                encoding,
              },
            },
          },
          ...ok,
        },
      },
    });

  it('has a part for each value', async () => {
    await shop.serve('');
    const { call } = await open({
      spec: spec({ file: { contentType: 'text/csv' } }),
      operations: ['upload'],
    });
    const body = {
      file: 'a,b\r\n1,2',
      more: [{ filename: 'x"\r\ny.bin', content: 'aGk=', base64: true }],
      about: { a: 1 },
      tags: ['p', 'q'],
      count: 7,
    };
    await call('upload', { body });
    const [, boundary = ''] = /boundary=(.*)$/.exec(String(shop.asked()?.headers['content-type'])) ?? [];
    const part = (head: string, content: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${head}\r\n\r\n${content}\r\n`;
    expect(shop.asked()?.body).toBe(
      [
        part('file"; filename="file"\r\nContent-Type: text/csv', 'a,b\r\n1,2'),
        part('more"; filename="x%22%0D%0Ay.bin"\r\nContent-Type: application/octet-stream', 'hi'),
        part('about"\r\nContent-Type: application/json', '{"a":1}'),
        part('tags"', 'p'),
        part('tags"', 'q'),
        part('count"', '7'),
        `--${boundary}--\r\n`,
      ].join(''),
    );
    await expect(call('upload', { body: 'text' })).rejects.toThrow('must be an object');
  });
});

describe('a description of several documents', () => {
  const FILES: Record<string, string> = {
    '/api/paths/orders.yaml': `
parameters: [{$ref: '../shared.json#/Trace'}]
get:
  operationId: listOrders
  parameters: [{name: filter, in: query, schema: {$ref: ../schemas/Filter.yaml}}]
post:
  operationId: addOrder
  requestBody: {content: {application/json: {schema: {$ref: '../schemas/Order.yaml#/Order'}}}}
`,
    '/api/shared.json': '{"Trace": {"name": "X-Trace", "in": "header", "schema": {"type": "string"}}}',
    '/api/schemas/Filter.yaml': 'type: object\nproperties: {text: {type: string}}',
    '/api/schemas/Order.yaml':
      'Order: {type: object, properties: {item: {$ref: "#/Item"}, within: {$ref: "#/Order"}}}\nItem: {type: string}',
  };
  const root = (path: string) =>
    `openapi: 3.0.3\nservers: [{url: /}]\npaths: {/orders: {$ref: "${path}"}, /other: {get: {operationId: other}}}`;
  const serveFiles = (path = 'paths/orders.yaml') =>
    shop.serve(root(path), (request, response) => {
      const file = FILES[request.path];
      if (file === undefined && request.path.startsWith('/api/')) response.statusCode = 404;
      response.end(file ?? '');
    });

  it('is fetched where the chosen operations need it', async () => {
    await serveFiles();
    const { tools, call } = await open({ operations: ['listOrders', 'addOrder'] });
    expect(tools.map(({ parameters }) => parameters.properties)).toEqual([
      { 'X-Trace': { type: 'string' }, filter: { type: 'object', properties: { text: { type: 'string' } } } },
      {
        'X-Trace': { type: 'string' },
        body: {
          type: 'object',
          properties: { item: { type: 'string' }, within: { description: 'Order, nested' } },
        },
      },
    ]);
    await call('listOrders', { 'X-Trace': 't' });
    expect(shop.asked()).toMatchObject({ path: '/orders', headers: { 'x-trace': 't' } });
  });

  it.each([
    ['on another origin', 'http://169.254.169.254/latest', /another origin/],
    ['that does not exist', 'gone.yaml', /gone\.yaml could not be fetched: HTTP 404/],
  ])('is refused with one %s', async (_what, path, why) => {
    await serveFiles(path);
    await expect(shop.open({ operations: ['other'] })).rejects.toThrow(why);
  });

  it('has an end', async () => {
    let count = 0;
    await shop.serve(root('d.yaml'), (_request, response) => {
      count++;
      response.end(`get: {parameters: [{$ref: "d${count}.yaml#/a"}]}\na: {$ref: "d${count}.yaml#/a"}`);
    });
    await expect(shop.open({ operations: ['GET /orders'] })).rejects.toThrow(/refer to each other|circular/);
    expect(count).toBeLessThan(30);
  });
});

it('a description of 15 MB is read without blocking the event loop, and listed within bounds', async () => {
  const paths = Object.fromEntries(
    Array.from({ length: 1_500 }, (_, n) => [
      `/things/${n}`,
      {
        get: {
          operationId: `get${n}`,
          description: 'x'.repeat(10_000),
          parameters: [{ name: 'q', in: 'query', schema: { type: 'string' } }],
          ...ok,
        },
      },
    ]),
  );
  await shop.serve(JSON.stringify({ openapi: '3.1.0', servers: [{ url: '/' }], paths }));
  let longest = 0;
  let last = performance.now();
  const beats = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  const { tools } = await open({ operations: ['get1499'] });
  const config = {
    type: 'openapi',
    name: 'big',
    spec_url: `${shop.server.url}/api/openapi.yaml`,
    operations: [],
  } as const;
  const listed = await openApiTool.list?.(
    { ...config, operations: [] },
    toolEnvironment({ egress: shop.egress }),
    {
      signal: new AbortController().signal,
    },
  );
  clearInterval(beats);
  expect(tools).toMatchObject([{ name: 'get1499' }]);
  expect(listed?.tools).toHaveLength(1_500);
  // Parsing it here would block for much longer on this machine than anything else does.
  expect(longest).toBeLessThan(5_000);
}, 60_000);
