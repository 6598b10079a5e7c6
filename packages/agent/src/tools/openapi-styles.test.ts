import { describe, expect, it } from '@jest/globals';
import { KEY, openShop } from '../testing/described-shop.js';
import { caller } from '../testing/tool-environment.js';

const shop = openShop();

describe('openapi: styles and keys', () => {
  const object = { R: 100, G: 200 };
  it.each<[string, boolean, unknown, string]>([
    ['simple', false, ['a', 'b'], '/x/a,b'],
    ['label', false, 'blue', '/x/.blue'],
    ['label', false, ['a', 'b/c'], '/x/.a,b%2Fc'],
    ['label', true, ['a', 'b'], '/x/.a.b'],
    ['label', false, object, '/x/.R,100,G,200'],
    ['label', true, object, '/x/.R=100.G=200'],
    ['matrix', false, 'blue', '/x/;p=blue'],
    ['matrix', false, ['a', 'b'], '/x/;p=a,b'],
    ['matrix', true, ['a', 'b'], '/x/;p=a;p=b'],
    ['matrix', false, object, '/x/;p=R,100,G,200'],
    ['matrix', true, object, '/x/;R=100;G=200'],
  ])('write a path parameter in style %s, exploded: %s, %j', async (style, explode, value, path) => {
    await shop.serve();
    const parameter = { name: 'p', in: 'path', required: true, style, explode, schema: {} };
    const spec = shop.pasted({ '/x/{p}': { get: { operationId: 'op', parameters: [parameter] } } });
    await caller(await shop.open({ spec, operations: ['op'] }))('op', { p: value });
    expect(shop.asked()?.path).toBe(path);
  });

  it('keep reserved characters where they are allowed, but never begin another parameter', async () => {
    await shop.serve();
    const q = { name: 'q', in: 'query', allowReserved: true, schema: {} };
    const spec = shop.pasted({ '/x': { get: { operationId: 'op', parameters: [q] } } });
    await caller(await shop.open({ spec, operations: ['op'] }))('op', { q: 'a:/b?[c]@,;=&admin=1#f +%' });
    expect(shop.asked()?.path).toBe('/x?q=a:/b?[c]@,;=%26admin=1%23f%20%2B%25');
  });

  it('send an API key in the query, which the model cannot set or see', async () => {
    await shop.serve(undefined, () => ({ echo: KEY }));
    const parameters = ['api_key', 'q'].map((name) => ({ name, in: 'query', required: true, schema: {} }));
    const spec = shop.pasted({ '/x': { get: { operationId: 'op', parameters } } });
    const opened = await shop.open({ spec, operations: ['op'], query: { api_key: '{{ secrets.key }}' } });
    expect(opened.tools[0]?.parameters).toMatchObject({ properties: { q: {} }, required: ['q'] });
    const answer = await caller(opened)('op', { q: '1', api_key: 'mine' });
    expect(shop.asked()?.path).toBe(`/x?q=1&api_key=${KEY}`);
    expect(JSON.stringify(answer)).not.toContain(KEY);
  });

  it('are chosen by tag, which must exist', async () => {
    await shop.serve();
    const spec = shop.pasted({
      '/a': { get: { operationId: 'a', tags: ['read'] }, put: { operationId: 'b', tags: ['write'] } },
      '/c': { get: { operationId: 'c', tags: ['read', 'x'] } },
    });
    const { tools } = await shop.open({ spec, operations: ['tag:read'] });
    expect(tools.map(({ name }) => name)).toEqual(['a', 'c']);
    await expect(shop.open({ spec, operations: ['tag:none'] })).rejects.toThrow('no operation "tag:none"');
  });

  it('are refused unread if more have a tag than a model takes', async () => {
    await shop.serve();
    const unreadable = { parameters: [{ $ref: '#/none' }], tags: ['all'] };
    const paths = Object.fromEntries(Array.from({ length: 129 }, (_, n) => [`/${n}`, { get: unreadable }]));
    const opening = shop.open({ spec: shop.pasted(paths), operations: ['tag:all'] });
    await expect(opening).rejects.toThrow('129 such operations; the limit for a model is 128');
  });

  it('accept null if a schema has nullable and allOf', async () => {
    await shop.serve();
    const owner = { nullable: true, allOf: [{ $ref: '#/components/schemas/User' }], description: 'Who.' };
    const schema = { type: 'object', properties: { owner } };
    const spec = shop.pasted(
      { '/a': { post: { operationId: 'a', requestBody: { content: { 'application/json': { schema } } } } } },
      { schemas: { User: { type: 'object', properties: { id: { type: 'string' } } } } },
    );
    const opened = await shop.open({ spec, operations: ['a'] });
    expect(opened.tools[0]?.parameters).toMatchObject({
      properties: {
        body: {
          properties: {
            owner: { description: 'Who.', anyOf: [{ allOf: [{ type: 'object' }] }, { type: 'null' }] },
          },
        },
      },
    });
    await caller(opened)('a', { body: { owner: null } });
    expect(shop.asked()?.body).toBe('{"owner":null}');
  });

  it('are read from a description of many megabytes', async () => {
    const filler = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, n) => [
        `/f${n}`,
        { get: { operationId: `f${n}`, description: 'x'.repeat(4_000) } },
      ]),
    );
    await shop.serve(JSON.stringify({ openapi: '3.1.0', paths: filler }));
    const { tools } = await shop.open({ operations: ['f2999'], server_url: 'http://127.0.0.1:1' });
    expect(tools.map(({ name }) => name)).toEqual(['f2999']);
  });
});

describe('openapi: odd descriptions', () => {
  const called = async (paths: object, args: Record<string, unknown>) => {
    await shop.serve();
    const spec = shop.pasted(paths);
    const opened = await shop.open({ spec, operations: ['op'] });
    await caller(opened)('op', args);
    return { path: shop.asked()?.path, parameters: opened.tools[0]?.parameters };
  };
  const op = (more: object = {}) => ({ get: { operationId: 'op', ...more } });

  it('may forget a parameter of their path', async () => {
    const { path, parameters } = await called({ '/x/{id}': op() }, { id: 'a/b' });
    expect(path).toBe('/x/a%2Fb');
    expect(parameters).toMatchObject({ properties: { id: { type: 'string' } }, required: ['id'] });
  });

  it('may forget a parameter of their path whose name another one has', async () => {
    const parameters = [{ name: 'id', in: 'query', schema: {} }];
    const args = { id: 1, id_path: 2, body_path: 3 };
    expect((await called({ '/x/{id}/{body}': op({ parameters }) }, args)).path).toBe('/x/2/3?id=1');
  });

  it('may tell operations of one path apart by a query or a fragment', async () => {
    expect((await called({ '/x?type={id}&a=1#second': op() }, { id: 'b&c' })).path).toBe('/x?type=b%26c&a=1');
  });

  it('may have one name in several places', async () => {
    const parameters = [
      { name: 'id', in: 'path', required: true, schema: {} },
      { name: 'id_query', in: 'query', schema: {} },
      { name: 'id', in: 'query', schema: {} },
    ];
    const args = { id: 1, id_query: 2, id_query_query: 3 };
    expect((await called({ '/x/{id}': op({ parameters }) }, args)).path).toBe('/x/1?id_query=2&id=3');
  });

  it.each([[{}], [{ version: { enum: ['v1', 'v2'] } }]])(
    'whose server has a variable without a default need server_url: %j',
    async (variables) => {
      await shop.serve();
      const servers = [{ url: `${shop.server.url}/{version}`, variables }];
      const spec = shop.pasted({ '/x': op() }, {}, { servers });
      await expect(shop.open({ spec, operations: ['op'] })).rejects.toThrow('variable without a default');
      const opened = await shop.open({ spec, operations: ['op'], server_url: `${shop.server.url}/v2` });
      await caller(opened)('op', {});
      expect(shop.asked()?.path).toBe('/v2/x');
    },
  );
});
