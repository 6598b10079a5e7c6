import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { testApp } from '../../test/app.js';
import { buildApp } from '../app.js';

const DIST = fileURLToPath(new URL('../../../web/dist', import.meta.url));

let env: Awaited<ReturnType<typeof testApp>>;
let overHttps: FastifyInstance;

beforeAll(async () => {
  env = await testApp();
  overHttps = await buildApp(env.ctx, {
    adminApiKey: 'a-test-admin-key-of-enough-length',
    defaultModel: 'sandbox:echo',
    publicUrl: () => 'https://hooks.example.com',
    isHttps: true,
    studioDist: DIST,
  });
});
afterAll(async () => {
  await overHttps?.close();
  await env?.close();
});

const EVERYWHERE = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
};

test('every answer tells browsers what they may do with it', async () => {
  const [script = ''] = (await readdir(`${DIST}/assets`)).filter((name) => name.endsWith('.js'));
  const html = { accept: 'text/html' };
  const asked: [url: string, status: number, headers?: Record<string, string>][] = [
    ['/docs/', 200],
    ['/docs/json', 200],
    ['/docs/static/swagger-ui-bundle.js', 200],
    ['/docs/static/swagger-initializer.js', 200],
    ['/docs/static/nothing.js', 404],
    ['/openapi.json', 200],
    ['/', 200, html],
    ['/agents', 200, html],
    [`/assets/${script}`, 200],
    ['/assets/nothing.js', 404],
    ['/favicon.svg', 200],
    ['/healthz', 200],
    ['/readyz', 503],
    ['/metrics', 200],
    ['/api/agents', 401],
    ['/api/nothing', 404],
    ['/api/agents/%ff', 404],
    ['/api/task_status', 400],
    [`/api/${'a'.repeat(1_000)}`, 404],
  ];
  for (const [url, status, headers = {}] of asked) {
    const answer = await overHttps.inject({ url, headers });
    expect([url, answer.statusCode, answer.headers]).toEqual([
      url,
      status,
      expect.objectContaining({
        ...EVERYWHERE,
        'cross-origin-opener-policy': 'same-origin',
        'strict-transport-security': expect.stringMatching(/^max-age=\d{7,}$/),
        'cache-control': expect.any(String),
        'cross-origin-resource-policy': url === '/api/task_status' ? 'cross-origin' : 'same-origin',
      }),
    ]);
  }
});

test('a page keeps its own policy, and https is required only if callers use it', async () => {
  const page = await overHttps.inject({ url: '/', headers: { accept: 'text/html' } });
  expect(page.headers['content-security-policy']).toMatch(/^default-src 'self'; .*'nonce-/);
  const docs = await env.app.inject('/docs/');
  expect(docs.headers['content-security-policy']).toMatch(/^default-src 'self'/);
  expect(docs.headers).not.toHaveProperty('strict-transport-security');
});
