import { type Bounded, createBounded } from '@agenthook/bounded';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkArguments } from '../check-arguments.js';
import { openShop } from '../testing/described-shop.js';
import { schemaProblem } from './schema/schema-problem.js';

const shop = openShop();
let bounded: Bounded;
beforeAll(() => {
  bounded = createBounded();
});
afterAll(() => bounded.close());

type Schemas = Record<string, object>;
const json = (schema: object) => ({ 'application/json': { schema } });
const bodyOf = (content: object) => ({ '/x': { post: { operationId: 'op', requestBody: { content } } } });

/** The operation `op`, called as the loop does: with arguments that are checked before. */
async function opened(spec: string, operations = ['op'], server_url?: string) {
  const { tools } = await shop.open({ spec, operations, ...(server_url && { server_url }) });
  const [op] = tools;
  if (!op) throw new Error('no operation');
  const { signal } = new AbortController();
  const check = checkArguments(bounded, { key: 'a', signal }, op.parameters);
  return {
    parameters: op.parameters,
    check,
    call: async (args: Record<string, unknown>) => {
      const checked = await check(args);
      if (!checked.success) throw checked.error;
      const result = await op.execute(checked.value, { signal });
      return { result, asked: shop.asked() };
    },
  };
}

const withBody = async (content: object, schemas: Schemas = {}) => {
  await shop.serve();
  return opened(shop.pasted(bodyOf(content), { schemas }));
};

describe('a body', () => {
  it.each([
    [['application/json-patch+json', 'application/merge-patch+json'], 'application/merge-patch+json'], // Kubernetes
    [
      ['application/json-patch+json', 'application/json', 'text/json', 'application/*+json'],
      'application/json',
    ], // Swashbuckle
    [['application/*+json'], 'application/json'],
    [['text/json'], 'text/json'],
  ])('that may be any of %j is sent as %s', async (types, expected) => {
    const schema = { type: 'object' };
    const { call } = await withBody(Object.fromEntries(types.map((type) => [type, { schema }])));
    const { asked } = await call({ body: { a: 1 } });
    expect(asked).toMatchObject({ body: '{"a":1}', headers: { 'content-type': expected } });
  });

  it('may refer to a schema that is missing', async () => {
    const properties = { custom: { $ref: '#/components/schemas/none' }, name: { type: 'string' } };
    const { call } = await withBody(json({ type: 'object', properties }));
    expect((await call({ body: { custom: { any: 1 }, name: 'a' } })).asked?.body).toBe(
      '{"custom":{"any":1},"name":"a"}',
    );
  });

  it('keeps what a reference and the keywords beside it say', async () => {
    const A = { type: 'object', required: ['a'], properties: { a: { type: 'string' } } };
    const schema = {
      $ref: '#/components/schemas/A',
      required: ['b'],
      properties: { b: { type: 'integer' } },
    };
    const { check } = await withBody(json(schema), { A });
    expect(await check({ body: { b: 1 } })).toMatchObject({ success: false });
    expect(await check({ body: { a: 'x' } })).toMatchObject({ success: false });
    expect(await check({ body: { a: 'x', b: 1 } })).toMatchObject({ success: true });
  });

  it('of several parts may have what one of them closes, and needs no readOnly name', async () => {
    const closed = { additionalProperties: false };
    const A = { properties: { id: { type: 'string', readOnly: true }, a: { type: 'string' } }, ...closed };
    const own = { properties: { b: { type: 'integer' } }, required: ['id', 'a'], ...closed };
    const { call, check } = await withBody(json({ allOf: [{ $ref: '#/components/schemas/A' }, own] }), { A });
    expect((await call({ body: { a: 'x', b: 1 } })).asked?.body).toBe('{"a":"x","b":1}');
    expect(await check({ body: { b: 1 } })).toMatchObject({ success: false });
  });

  it('may have names that only a pattern describes', async () => {
    const { call } = await withBody(
      json({ type: 'object', patternProperties: { '^x-': {} }, additionalProperties: false }),
    );
    expect((await call({ body: { 'x-a': 1 } })).asked?.body).toBe('{"x-a":1}');
  });

  it('is told apart by a discriminator, whose values the model sees', async () => {
    const pet = { type: 'object', properties: { kind: { type: 'string' } } };
    const oneOf = [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }];
    const mapping = { cat: '#/components/schemas/Cat', dog: 'Dog' };
    const schema = { oneOf, discriminator: { propertyName: 'kind', mapping } };
    const { call, parameters } = await withBody(json(schema), { Cat: pet, Dog: pet });
    const { oneOf: shown } = (parameters.properties as { body: { oneOf: object[] } }).body;
    const one = (value: string) => ({ properties: { kind: { enum: [value] } } });
    expect(shown).toMatchObject([one('cat'), one('dog')]);
    // Without its discriminator, this is either of both.
    expect((await call({ body: { age: 3 } })).asked?.body).toBe('{"age":3}');
  });

  it.each(['any', 'undefined', 'Int', 'String', 'file', 'datetime', 'map'])(
    'may have fields of the type %s, which providers do not know',
    async (type) => {
      const { call, parameters } = await withBody(json({ type: 'object', properties: { a: { type } } }));
      expect(schemaProblem(parameters)).toBeUndefined();
      const a = type === 'Int' ? 1 : 'x';
      expect((await call({ body: { a } })).asked?.body).toBe(JSON.stringify({ a }));
    },
  );
});

describe('a form', () => {
  // FastAPI: https://github.com/fastapi/fastapi/pull/14953
  const file = { type: 'string', contentMediaType: 'application/octet-stream' };
  const optional = { anyOf: [{ type: 'string', format: 'binary' }, { type: 'null' }] };
  const files = { anyOf: [{ type: 'array', items: file }, { type: 'null' }] };

  it.each<[string, object]>([
    ['OpenAPI 3.1', file],
    ['an optional one', optional],
    ['several', files],
  ])('sends a file as a file: %s', async (_, field) => {
    const Form = { type: 'object', properties: { field, note: { type: 'string' } } };
    const schema = { allOf: [{ $ref: '#/components/schemas/Form' }] };
    const { call } = await withBody({ 'multipart/form-data': { schema } }, { Form });
    const value = field === files ? ['hello'] : 'hello';
    const { asked } = await call({ body: { field: value, note: 'n' } });
    expect(asked?.body).toMatch(/name="field"; filename="field"\r\nContent-Type: [^\r]*\r\n\r\nhello\r\n/);
    expect(asked?.body).toMatch(/name="note"\r\n\r\nn\r\n/);
  });

  it('sends a list as JSON where its encoding says so', async () => {
    const encoding = { tags: { contentType: 'application/json' } };
    const { call } = await withBody({ 'application/x-www-form-urlencoded': { schema: {}, encoding } });
    expect((await call({ body: { tags: ['x', 'y'], l: [1, 2] } })).asked?.body).toBe(
      'tags=%5B%22x%22%2C%22y%22%5D&l=1&l=2',
    );
  });
});

it('a parameter is JSON only if its content is', async () => {
  await shop.serve();
  const content = (type: string) => ({ content: { [type]: { schema: {} } } });
  const parameters = [
    { name: 'q', in: 'query', ...content('text/plain') },
    { name: 'f', in: 'query', ...content('application/json') },
  ];
  const { call } = await opened(shop.pasted({ '/x': { get: { operationId: 'op', parameters } } }));
  expect((await call({ q: 'a b', f: 'c' })).asked?.path).toBe('/x?q=a%20b&f=%22c%22');
});

it('an answer tells where its next page is', async () => {
  const headers = { link: '<https://shop.test/x?page=2>; rel="next"', etag: '"4711"', 'x-other': 'no' };
  await shop.serve(undefined, (_, response) => void response.writeHead(200, headers).end('[]'));
  const { call } = await opened(shop.pasted({ '/x': { get: { operationId: 'op' } } }));
  const { link, etag } = headers;
  expect((await call({})).result).toEqual({ status: 200, headers: { link, etag }, body: [] });
});
