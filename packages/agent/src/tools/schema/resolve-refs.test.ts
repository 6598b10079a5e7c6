import { createBounded } from '@agenthook/bounded';
import { afterAll, expect, test } from '@jest/globals';
import { checkArguments } from '../../check-arguments.js';
import { HELLO, mcpFixture } from '../../testing/mcp-fixture.js';
import { startRecordingServer } from '../../testing/recording-server.js';
import { fitSchema } from './fit-schema.js';

const mcp = mcpFixture();
const bounded = createBounded();
afterAll(() => bounded.close());

const text = { type: 'string' };
const withProperties = (properties: object, rest: object = {}) => ({ type: 'object', properties, ...rest });

/** Every `$ref` in a value. */
const refsIn = (value: unknown): string[] =>
  [...JSON.stringify(value).matchAll(/"\$(?:ref|dynamicRef|recursiveRef)":"([^"]*)"/g)].map(
    ([, ref = '']) => ref,
  );

test.each<[string, Record<string, unknown>, unknown, unknown]>([
  [
    'a property, as zod-to-json-schema writes it',
    withProperties({ a: text, b: { $ref: '#/properties/a' } }),
    { b: 'x' },
    { b: 5 },
  ],
  [
    'a part of a property with a name that is changed',
    withProperties({ 'a[]': { type: 'array', items: text }, b: { $ref: '#/properties/a%5B%5D/items' } }),
    { b: 'x' },
    { b: 5 },
  ],
  ['the whole', withProperties({ n: text, next: { $ref: '#' } }), { next: { n: 'x' } }, { next: { n: 5 } }],
  [
    'the whole, in 2019-09',
    withProperties({ n: text, next: { $recursiveRef: '#' } }),
    { next: { n: 'x' } },
    { next: { n: 5 } },
  ],
  [
    'an anchor',
    withProperties({ a: { $ref: '#row' } }, { $defs: { Row: { $anchor: 'row', ...text } } }),
    { a: 'x' },
    { a: 5 },
  ],
  [
    'its own address',
    withProperties(
      { a: { $ref: 'https://a.example/s.json#/$defs/Row' } },
      { $id: 'https://a.example/s.json', $defs: { Row: text } },
    ),
    { a: 'x' },
    { a: 5 },
  ],
  [
    'a name with brackets',
    withProperties({ a: { $ref: '#/$defs/List%3CRow%3E' } }, { $defs: { 'List<Row>': text } }),
    { a: 'x' },
    { a: 5 },
  ],
  [
    'a definition inside a property',
    withProperties({ a: { $defs: { In: text }, allOf: [{ $ref: '#/properties/a/$defs/In' }] } }),
    { a: 'x' },
    { a: 5 },
  ],
  [
    'definitions of both kinds, with one name',
    withProperties(
      { a: { $ref: '#/definitions/X' }, b: { $ref: '#/$defs/X' } },
      { definitions: { X: text }, $defs: { X: { type: 'integer' } } },
    ),
    { a: 'x', b: 5 },
    { a: 5, b: 5 },
  ],
])('a reference to %s leads to a definition at the top', async (_name, parameters, right, wrong) => {
  const { schema, resolved } = fitSchema(parameters);
  const refs = refsIn(schema);
  expect(refs.length).toBeGreaterThan(0);
  for (const ref of refs) {
    expect(ref).toMatch(/^#\/\$defs\/[\w.-]+$/);
    expect(schema.$defs).toHaveProperty([ref.slice('#/$defs/'.length)]);
  }
  const check = checkArguments(bounded, { key: 't' }, resolved);
  expect([(await check(right)).success, (await check(wrong)).success]).toEqual([true, false]);
});

test.each<[string, string, object]>([
  ['another document', 'https://a.example/address.json', {}],
  ['a file', 'common.json#/definitions/Id', {}],
  ['what is not there', '#/$defs/Gone', { $defs: { Here: text } }],
  ['components that were left out', '#/components/schemas/Id', {}],
  ['itself', '#/$defs/A', { $defs: { A: { $ref: '#/$defs/B' }, B: { $ref: '#/$defs/A' } } }],
])('a reference to %s becomes words, and the rest is still checked', async (_name, $ref, rest) => {
  const { schema, resolved } = fitSchema(withProperties({ a: { $ref, description: 'A.' }, b: text }, rest));
  expect(schema.properties).toEqual({ a: { description: `A. Its schema, ${$ref}, is not read.` }, b: text });
  expect(refsIn(schema)).toEqual([]);
  const check = checkArguments(bounded, { key: 't' }, resolved);
  expect((await check({ a: { any: 1 }, b: 'x' })).success).toBe(true);
  expect((await check({ a: 'x', b: 5 })).success).toBe(false);
});

test('a property that is called $ref, and one in an example, are none', () => {
  const parameters = withProperties({ $ref: text, ref: { default: { $ref: 'x' } } });
  expect(fitSchema(parameters).resolved).toBe(parameters);
});

test('thousands of references to one another cost little', () => {
  const $defs = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, n) => [`d${n}`, { $ref: `#/$defs/d${n + 1}` }]),
  );
  const { schema } = fitSchema(withProperties({ a: { $ref: '#/$defs/d0' } }, { $defs }));
  expect(schema.properties).toEqual({ a: { description: 'Its schema, #/$defs/d0, is not read.' } });
});

test('thousands of parts that references name, and of long references, cost little', () => {
  const count = 9_000;
  const parts = Object.fromEntries(Array.from({ length: count }, (_, n) => [`a${n}`, { ...text }]));
  const users = Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`b${n}`, { $ref: `#/properties/a${n}` }]),
  );
  const { $defs } = fitSchema(withProperties({ ...parts, ...users })).resolved as { $defs: object };
  expect(Object.keys($defs).slice(0, 3)).toEqual(['part', 'part_2', 'part_3']);
  const long = { a: { $ref: `#/${'/'.repeat(100_000)}` } };
  const same = Object.fromEntries(Array.from({ length: count }, (_, n) => [`c${n}`, { $ref: '#/$defs/a' }]));
  expect(refsIn(fitSchema(withProperties(same, { $defs: long })).schema)).toEqual([]);
});

test.each<[string, object, object]>([
  [
    'as TypeBox writes recursion',
    { tree: { $id: 'T0', type: 'object', properties: { nodes: { type: 'array', items: { $ref: 'T0' } } } } },
    { tree: 5 },
  ],
  ['in definitions', { a: { $ref: '#/$defs/Node' } }, { a: { next: 5 } }],
])('arguments are checked although parts of the schema have $id, %s', async (_name, properties, wrong) => {
  const $defs = { Node: { $id: 'Node', type: 'object', properties: { next: { $ref: 'Node' } } } };
  const { resolved } = fitSchema(withProperties(properties, { $defs }));
  expect((await checkArguments(bounded, { key: 't' }, resolved)(wrong)).success).toBe(false);
});

test('a reference to true accepts anything, and one to false nothing', async () => {
  const $defs = { any: true, none: false };
  const properties = { a: { $ref: '#/$defs/any' }, b: { $ref: '#/$defs/none' } };
  const { schema, resolved } = fitSchema(withProperties(properties, { $defs }));
  expect(JSON.stringify(schema)).not.toContain('is not read');
  const check = checkArguments(bounded, { key: 't' }, resolved);
  expect([(await check({ a: 5 })).success, (await check({ b: 5 })).success]).toEqual([true, false]);
});

test('the schema that an MCP server points to is never fetched', async () => {
  const other = await startRecordingServer(() => ({ type: 'string' }));
  const inputSchema = withProperties({ a: { $ref: `${other.url}/s.json` } });
  const url = await mcp.serveByHand(({ body }, response) => {
    const { id, method } = JSON.parse(body || '{}');
    if (method === 'initialize') return { jsonrpc: '2.0', id, result: HELLO };
    if (method === 'tools/list')
      return { jsonrpc: '2.0', id, result: { tools: [{ name: 'go', inputSchema }] } };
    return void response.writeHead(202).end();
  });
  const { tools } = await mcp.open({ url });
  const { schema, resolved } = fitSchema(tools[0]?.parameters ?? {});
  expect(refsIn(schema)).toEqual([]);
  expect((await checkArguments(bounded, { key: 't' }, resolved)({ a: 1 })).success).toBe(true);
  expect(other.requests).toEqual([]);
  await other.close();
});
