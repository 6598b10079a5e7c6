import type { OpenApiTool } from '@agenthook/contracts';
import { createEgress, type Egress } from '@agenthook/egress';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, type RecordingServer, startRecordingServer } from '../testing/recording-server.js';
import { caller, toolEnvironment } from '../testing/tool-environment.js';
import { openApiTool } from './openapi.js';

const KEY = 'api-key-4711';

const SPEC = `
openapi: 3.1.0
info: {title: Shop, version: '1'}
servers:
  - url: '{stage}/v2/'
    variables: {stage: {default: /live}}
paths:
  /orders/{id}:
    parameters:
      - $ref: '#/components/parameters/Id'
    get:
      operationId: orders.get
      summary: Get an order
      description: All of it.
      parameters:
        - {name: fields, in: query, schema: {type: array, items: {type: string}}}
        - {name: tags, in: query, explode: false, schema: {type: array, items: {type: string}}}
        - {name: filter, in: query, style: deepObject, explode: true, schema: {type: object}}
        - {name: raw, in: query, content: {application/json: {schema: {type: object}}}}
        - {name: id, in: query, schema: {type: integer}}
        - {name: X-Trace, in: header, schema: {type: string}}
        - {name: X-Api-Key, in: header, required: true, schema: {type: string}}
        - {name: Authorization, in: header, schema: {type: string}}
        - {name: session, in: cookie, schema: {type: string}}
    put:
      operationId: orders-get
      requestBody:
        required: true
        content:
          text/plain: {schema: {type: string}}
          application/vnd.shop+json: {schema: {$ref: '#/components/schemas/Order'}}
      responses: {'200': {description: ok}}
  /orders:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {item: {type: string}}}
            encoding: {meta: {style: deepObject}}
  /upload:
    post:
      operationId: upload
      requestBody: {required: true, content: {multipart/form-data: {schema: {type: object}}}}
components:
  parameters:
    Id: {name: id, in: path, required: true, description: The order., schema: {type: string}}
  schemas:
    Order:
      type: object
      required: [id, item]
      properties:
        id: {type: string, readOnly: true}
        item: {type: string, nullable: true, example: tea}
        count: {type: integer, minimum: 0, exclusiveMinimum: true}
        parent: {$ref: '#/components/schemas/Order', description: What it belongs to.}
`;

let egress: Egress;
let server: RecordingServer;

beforeEach(async () => {
  egress = createEgress({ allow: ['127.0.0.1'] });
});

afterEach(async () => {
  await server?.close();
  await egress.close();
});

/** Serves the description at /api/openapi.yaml, and `answer` everywhere else. */
async function serve(spec = SPEC, answer: Answer = () => ({ ok: true })): Promise<void> {
  server = await startRecordingServer((request, response) => {
    return request.path === '/api/openapi.yaml' ? void response.end(spec) : answer(request, response);
  });
}

async function open(config: Partial<OpenApiTool>, signal = new AbortController().signal) {
  const source = config.spec === undefined ? { spec_url: `${server.url}/api/openapi.yaml` } : {};
  return openApiTool.open(
    { type: 'openapi', name: 'shop', operations: ['orders.get'], ...source, ...config },
    toolEnvironment({ egress, secrets: { key: KEY } }),
    { signal },
  );
}

const pasted = (paths: object, components: object = {}) =>
  JSON.stringify({ openapi: '3.0.3', servers: [{ url: server.url }], paths, components });

const asked = () => server.requests.filter(({ path }) => path !== '/api/openapi.yaml').at(-1);

describe('openapi: what the model sees', () => {
  it('is one tool for each chosen operation, with a valid name of its own', async () => {
    await serve();
    const { tools } = await open({
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
    expect((await open({ repeat_safe: false })).tools[0]?.repeat_safe).toBe(false);
  });

  it("prefixes the tool's name where two operations come out alike", async () => {
    await serve();
    const spec = pasted({ '/a': { get: { operationId: 'a.b' }, put: { operationId: 'a/b' } } });
    const { tools } = await open({ spec, operations: ['a.b', 'a/b'] });
    expect(tools.map(({ name }) => name)).toEqual(['a_b', 'shop_a_b']);
  });

  it('is parameters from path, query and header, but none that is not its to fill', async () => {
    await serve();
    const { tools } = await open({ headers: { 'x-api-key': '{{ secrets.key }}' } });
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

  it('is a body without references, as JSON Schema 2020-12; what contains itself ends', async () => {
    await serve();
    const { tools } = await open({ operations: ['orders-get'] });
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

  it('stays small however much a description refers to', async () => {
    await serve();
    const twice = (n: number) => ({ $ref: `#/components/schemas/S${n}` });
    const schemas = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [
        `S${n}`,
        { type: 'object', properties: { a: twice(n + 1), b: twice(n + 1) }, anyOf: [twice(n + 1)] },
      ]),
    );
    const content = { 'application/json': { schema: twice(0) } };
    const spec = pasted(
      { '/a': { post: { requestBody: { content } } } },
      { schemas: { ...schemas, S40: {} } },
    );
    const { tools } = await open({ spec, operations: ['POST /a'] });
    expect(JSON.stringify(tools).length).toBeLessThan(100_000);
  });

  it("is not led astray by YAML's own knots", async () => {
    await serve();
    const spec = `{openapi: 3.1.0, servers: [{url: 'http://a.example'}], paths: {/a: {post: {requestBody: {content: {
      application/json: {schema: &s {type: object, default: *s, properties: {a: *s, b: *s}}}}}}}}}`;
    const { tools } = await open({ spec, operations: ['POST /a'] });
    expect(JSON.stringify(tools).length).toBeLessThan(100_000);
  });
});

describe('openapi: what is sent', () => {
  const headers = { 'X-Api-Key': '{{ secrets.key }}' };

  it('puts each argument where it belongs', async () => {
    await serve(SPEC, () => ({ order: 1, echo: KEY }));
    const call = caller(await open({ headers }));
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
    expect(asked()?.method).toBe('GET');
    expect(asked()?.path).toBe(
      '/live/v2/orders/a%2Fb%20%C3%BC?fields=x&fields=y%26z&tags=p,q%2Cr' +
        '&filter%5Ba%5D=1&filter%5Bb%5D%5Bc%5D%5B0%5D=true&raw=%7B%22k%22%3A%22v%22%7D&id=7',
    );
    expect(asked()?.headers).toMatchObject({ 'x-trace': 'trace', 'x-api-key': KEY });
    expect(asked()?.headers.authorization).toBeUndefined();
  });

  it('sends a body as JSON, or as a form', async () => {
    await serve(SPEC, (_, response) => void response.writeHead(201, { location: '/orders/9' }).end('made'));
    const call = caller(await open({ operations: ['orders-get', 'POST /orders'] }));
    expect(await call('orders-get', { id: '1', body: { item: 'tea' } })).toEqual({
      status: 201,
      headers: { location: '/orders/9' },
      body: 'made',
    });
    expect(asked()).toMatchObject({ method: 'PUT', body: '{"item":"tea"}' });
    expect(asked()?.headers['content-type']).toBe('application/vnd.shop+json');
    const form = { item: 'green tea', many: [1, 2], meta: { a: { b: 1 } }, note: { c: 1 }, none: null };
    await call('POST_orders', { body: form });
    expect(asked()?.body).toBe(
      'item=green%20tea&many=1&many=2&meta%5Ba%5D%5Bb%5D=1&note=%7B%22c%22%3A1%7D&none=',
    );
    await call('POST_orders', {});
    expect(asked()).toMatchObject({ method: 'POST', body: '' });
  });

  it.each(['..', '.', '../../admin', '..\\x', '%2e%2e', '', null])(
    'does not leave the operation by the path argument %j',
    async (id) => {
      await serve();
      const call = caller(await open({}));
      await expect(call('orders_get', { id })).rejects.toMatchObject({ name: 'ToolError' });
      expect(asked()).toBeUndefined();
    },
  );

  it('does not let a model write headers of its own', async () => {
    await serve();
    const call = caller(await open({}));
    await expect(call('orders_get', { id: '1', 'X-Trace': 'a\r\nX-Evil: 1' })).rejects.toMatchObject({
      name: 'ToolError',
    });
  });

  it('goes to the server that is set, else to the nearest that is described', async () => {
    await serve();
    await caller(await open({ server_url: `${server.url}/mine/?v=1` }))('orders_get', {
      id: '1',
      id_query: 2,
    });
    expect(asked()?.path).toBe('/mine/orders/1?v=1&id=2');
    const spec = pasted({ '/a': { get: { servers: [{ url: `${server.url}/own` }] } } });
    await caller(await open({ spec, operations: ['GET /a'] }))('GET_a', {});
    expect(asked()?.path).toBe('/own/a');
  });

  it('tells the model of a status that is an error, without secrets made of secrets', async () => {
    await serve(
      SPEC,
      ({ headers: got }, response) =>
        void response.writeHead(403, { 'retry-after': got.authorization }).end(`no ${got.authorization}`),
    );
    const call = caller(
      await open({ headers: { Authorization: 'Basic {{ secrets.key | base64_encode }}' } }),
    );
    await expect(call('orders_get', { id: '1' })).rejects.toMatchObject({
      name: 'ToolError',
      message: 'HTTP 403 Forbidden (retry after [redacted]): no [redacted]',
    });
  });
});

describe('openapi: the description', () => {
  it('is fetched once for many runs', async () => {
    await serve();
    await Promise.all([open({}), open({}), open({})]);
    await open({});
    expect(server.requests).toHaveLength(1);
  });

  it('is fetched again after it could not be had', async () => {
    let status = 503;
    server = await startRecordingServer((_, response) => void response.writeHead(status).end(SPEC));
    await expect(open({})).rejects.toThrow('HTTP 503');
    status = 200;
    expect((await open({})).tools).toHaveLength(1);
  });

  it('is not waited for by a run that has ended', async () => {
    server = await startRecordingServer(() => undefined);
    const run = new AbortController();
    setTimeout(() => run.abort(new Error('cancelled')), 50);
    await expect(open({}, run.signal)).rejects.toThrow('cancelled');
  });

  it('is searched for what was meant by an operation that it has not', async () => {
    await serve();
    await expect(open({ operations: ['orders.get', 'getOrder', 'DELETE /orders'] })).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringMatching(
        /"getOrder"\. Near ones: .*orders\.get.*"DELETE \/orders"\. Near ones: .*POST \/orders/,
      ),
    });
  });

  it.each<[string, string, RegExp]>([
    ['Swagger 2', '{"swagger": "2.0", "paths": {}}', /Swagger 2/],
    ['no version', 'paths: {}', /version 3/],
    ['no paths', 'openapi: 3.1.0', /paths/],
    ['a list', '- 1', /not an object/],
    ['broken JSON', '{"openapi":', /neither valid JSON nor/],
    ['broken YAML', 'a: [1', /nor valid YAML/],
    ['too deep', `{openapi: ${'['.repeat(200_000)}`, /nor valid YAML/],
    [
      'an outside reference',
      'openapi: 3.1.0\npaths: {/a: {$ref: "http://169.254.169.254/"}}',
      /outside itself/,
    ],
    ['a file reference', 'openapi: 3.1.0\npaths: {/a: {$ref: "/etc/passwd"}}', /outside itself/],
    ['a reference to nothing', 'openapi: 3.1.0\npaths: {/a: {$ref: "#/__proto__"}}', /nothing at/],
    ['a circle', 'openapi: 3.1.0\npaths: {/a: {$ref: "#/paths/~1a"}}', /circles/],
    ['no server', 'openapi: 3.1.0\npaths: {/a: {get: {}}}', /Set server_url/],
    [
      'a strange server',
      'openapi: 3.1.0\nservers: [{url: "file:///etc"}]\npaths: {/a: {get: {}}}',
      /Set server_url/,
    ],
  ])('is refused where it is or has %s', async (_name, spec, message) => {
    await expect(open({ spec, operations: ['GET /a'] })).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringMatching(message),
    });
  });

  it('is refused where it is too large, where none is given, and where a body can not be sent', async () => {
    await serve(`${SPEC}#${'x'.repeat(2 * 1024 * 1024)}`);
    await expect(open({})).rejects.toThrow('2 MiB');
    await expect(open({ spec: SPEC, operations: ['upload'] })).rejects.toThrow('multipart/form-data');
    const env = toolEnvironment({ egress });
    const none = { type: 'openapi', name: 'x', operations: ['a'] } as const;
    const opening = openApiTool.open({ ...none, operations: ['a'] }, env, {
      signal: new AbortController().signal,
    });
    await expect(opening).rejects.toThrow('spec_url');
  });
});
