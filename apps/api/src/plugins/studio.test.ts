import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { testApp } from '../../test/app.js';
import { noteAllowedMethods } from './allowed-methods.js';
import { answerHeaders, registerAnswerHeaders } from './answer-headers.js';
import { registerProblems } from './problems.js';
import { studioPlugin } from './studio.js';

describe('with a built Studio', () => {
  const dist = mkdtempSync(join(tmpdir(), 'agenthook-studio-'));
  let app: FastifyInstance;

  beforeAll(async () => {
    mkdirSync(join(dist, 'assets'));
    writeFileSync(join(dist, 'index.html'), '<meta property="csp-nonce" nonce="__CSP_NONCE__">');
    writeFileSync(join(dist, 'color-scheme.js'), '// plain');
    writeFileSync(join(dist, 'assets', 'index-abc.js'), '// plain');
    writeFileSync(join(dist, 'assets', 'index-abc.js.br'), 'as brotli');
    writeFileSync(join(dist, 'assets', 'index-abc.js.gz'), 'as gzip');
    writeFileSync(join(dist, '.built'), 'a stamp');
    app = Fastify();
    registerAnswerHeaders(app, answerHeaders(false));
    registerProblems(app, noteAllowedMethods(app, {}));
    await app.register(studioPlugin, { dist });
  });

  afterAll(async () => {
    await app?.close();
    rmSync(dist, { recursive: true, force: true });
  });

  const get = (url: string, headers = {}) => app.inject({ url, headers });
  const BROWSER = { accept: 'text/html,application/xhtml+xml' };

  test.each(['/', '/agents/agt_1', '/runs?status=FAILURE', '/apiary'])(
    'answers %s with the page',
    async (url) => {
      const answer = await get(url, BROWSER);
      expect(answer.statusCode).toBe(200);
      expect(answer.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
    },
  );

  test('allows styles by a nonce that no two answers share, and no inline script', async () => {
    const answers = await Promise.all([get('/', BROWSER), get('/', BROWSER)]);
    const nonces = answers.map(({ body }) => /nonce="(.+)"/.exec(body)?.[1]);
    expect(new Set(nonces).size).toBe(2);
    const policy = String(answers[0]?.headers['content-security-policy']);
    expect(policy).toContain(`style-src 'self' 'nonce-${nonces[0]}'`);
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
  });

  test.each(['/api/nothing', '/api', '/docs/nothing', '/assets/index-old.js', '/.built'])(
    'answers %s with a problem, also for browsers',
    async (url) => {
      const answer = await get(url, url === '/.built' ? {} : BROWSER);
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ code: 'not_found' });
    },
  );

  test('does not leave its folder', async () => {
    expect((await get('/assets/..%2f.built')).statusCode).toBe(400);
  });

  test.each([
    ['/agents/agt_1', BROWSER, 405],
    ['/', {}, 405],
    // A program gets no page at such a URL, whatever the method.
    ['/agents', { accept: 'application/json' }, 404],
    ['/api/nothing', BROWSER, 404],
  ])('answers a POST to %s by %j with %i', async (url, headers, status) => {
    const answer = await app.inject({ method: 'POST', url, headers });
    expect([answer.statusCode, answer.headers.allow]).toEqual([
      status,
      status === 405 ? 'GET, HEAD' : undefined,
    ]);
  });

  test('answers programs that do not accept HTML with a problem', async () => {
    expect((await get('/agents', { accept: 'application/json' })).statusCode).toBe(404);
  });

  test.each([
    ['br, gzip', 'br', 'as brotli'],
    ['gzip', 'gzip', 'as gzip'],
    ['identity', undefined, '// plain'],
  ])(
    'serves assets with an endless cache lifetime, compressed in advance: %s',
    async (accepted, encoding, body) => {
      const answer = await get('/assets/index-abc.js', { 'accept-encoding': accepted });
      expect(answer.headers['content-encoding']).toBe(encoding);
      expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(answer.headers.vary).toMatch(/accept-encoding/i);
      expect(answer.body).toBe(body);
    },
  );

  test('has files without a hash in their names revalidated each time', async () => {
    expect((await get('/color-scheme.js')).headers['cache-control']).toBe('public, max-age=0');
  });
});

test('without one, / leads to the API’s own page', async () => {
  const { app, close } = await testApp();
  const answer = await app.inject({ url: '/' });
  expect([answer.statusCode, answer.headers.location]).toEqual([302, '/docs/']);
  await close();
});
