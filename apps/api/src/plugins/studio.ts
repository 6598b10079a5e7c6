import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** The placeholder in the built index.html for each answer's nonce. */
const NONCE = '__CSP_NONCE__';

/** URLs of the API. Below them, an unknown URL is an error for programs, never a page. */
const OF_THE_API = /^\/(api|docs|metrics|errors)(\/|$)/;

/**
 * What the Studio's page may load and do: only its own files and the api. Mantine writes its CSS variables
 * and responsive rules into style elements, which therefore need a nonce. Style attributes need no exception,
 * because React sets them through the CSS object model, which the policy does not cover (CSP 3, 8.4).
 */
const policy = (nonce: string): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

/** For asset files. They are parts of the page, whose own policy governs them. */
const FILE_POLICY = "frame-ancestors 'none'";

/**
 * Serves the Studio's files, and its page for every other URL that a browser opens.
 *
 * @param options.dist the built Studio: a folder with index.html and assets/
 */
export async function studioPlugin(app: FastifyInstance, { dist }: { dist: string }): Promise<void> {
  const quiet = { schema: { hide: true }, config: { quiet: true } };
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('content-security-policy', FILE_POLICY);
  });
  await app.register(fastifyStatic, { root: dist, serve: false, preCompressed: true });

  // Names in assets/ contain a hash of the content.
  app.get<{ Params: { '*': string } }>('/assets/*', quiet, (request, reply) =>
    reply.sendFile(`assets/${request.params['*']}`, { maxAge: '1y', immutable: true }),
  );
  for (const file of ['color-scheme.js', 'favicon.svg']) {
    app.get(`/${file}`, quiet, (_request, reply) => reply.sendFile(file, { maxAge: 0 }));
  }

  const page = { ...quiet, config: { ...quiet.config, serves: wantsPage } };
  app.get('/*', page, async (request, reply) => {
    if (!wantsPage(request)) return reply.callNotFound();
    const nonce = randomBytes(16).toString('base64');
    const html = (await readFile(join(dist, 'index.html'), 'utf8')).replace(NONCE, nonce);
    // Never cached: a cached page would have an old nonce and therefore no styles.
    return reply
      .headers({ 'content-security-policy': policy(nonce), vary: 'accept', 'cache-control': 'no-store' })
      .type('text/html; charset=utf-8')
      .send(html);
  });
}

function wantsPage({ url, headers }: FastifyRequest): boolean {
  const path = url.split('?', 1)[0] ?? url;
  return path === '/' || (!OF_THE_API.test(path) && (headers.accept ?? '').includes('text/html'));
}
