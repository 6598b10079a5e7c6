import { describe, expect, it } from '@jest/globals';
import { openShop } from '../testing/described-shop.js';
import { caller } from '../testing/tool-environment.js';

const shop = openShop();
const paths = { '/x': { get: { operationId: 'op' } } };

/** The path that the operation `op` of a served description asks for. */
async function askedFor(description: object): Promise<string | undefined> {
  await shop.serve(JSON.stringify(description));
  await caller(await shop.open({ operations: ['op'] }))('op', {});
  return shop.asked()?.path;
}

describe('a server', () => {
  it('that is empty is that of the description', async () => {
    expect(await askedFor({ openapi: '3.1.0', servers: [{ url: '' }], paths })).toBe('/x');
  });

  it.each([
    [{ host: '' }, '/x'], // swaggo, without annotations
    [{ host: '', basePath: 'v1', schemes: [] }, '/v1/x'],
    [{ basePath: '' }, '/x'],
  ])('of Swagger 2.0 may be left out: %j', async (more, path) => {
    expect(await askedFor({ swagger: '2.0', paths, ...more })).toBe(path);
  });

  it.each([
    ['', 'v1'],
    ['http://', '/v1'],
    ['HTTP://', '/v1/'],
  ])(
    'of Swagger 2.0 may be written as a URL, or its path without a slash: %j %j',
    async (scheme, basePath) => {
      await shop.serve();
      const host = `${scheme}${new URL(shop.server.url).host}/`;
      const schemes = scheme === '' ? ['http'] : [];
      const spec = JSON.stringify({ swagger: '2.0', host, basePath, schemes, paths });
      await caller(await shop.open({ spec, operations: ['op'] }))('op', {});
      expect(shop.asked()?.path).toBe('/v1/x');
    },
  );
});

describe('a description', () => {
  it('may leave out the slash that its paths begin with', async () => {
    expect(await askedFor({ openapi: '3.1.0', paths: { x: paths['/x'], 'x-hidden': {} } })).toBe('/x');
  });

  it('may be UTF-16, as a shell on Windows writes it', async () => {
    const text = JSON.stringify({ openapi: '3.1.0', paths: { '/ü': paths['/x'] } });
    await shop.serve('', (_, response) => void response.end(Buffer.from(`\uFEFF${text}`, 'utf16le')));
    const opened = await shop.open({ operations: ['op'], spec_url: `${shop.server.url}/openapi.json` });
    await caller(opened)('op', {});
    expect(shop.asked()?.path).toBe('/%C3%BC');
  });

  it('that is a web page says so', async () => {
    await shop.serve('\n<!DOCTYPE html>\n<html><title>Swagger UI</title></html>');
    await expect(shop.open({ operations: ['op'] })).rejects.toThrow('is a web page');
  });
});
