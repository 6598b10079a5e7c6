import { hash } from 'node:crypto';
import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { isNamed } from './prepared-answer.js';

/** Answers below this are sent as they are: they fit into one packet. In bytes. */
const COMPRESSED_FROM = 1024;

/**
 * Compresses long answers of the API and its documentation, and gives JSON answers to GET an ETag, so that a
 * client that reads a list again and again gets 304 while nothing changes (RFC 9110, 13.1.2).
 *
 * Public routes are left alone: their answers are short, and triggers must stay cheap. Register it before all
 * routes.
 */
export async function registerCompactAnswers(app: FastifyInstance): Promise<void> {
  app.addHook('onRoute', (route) => {
    if (route.compress === false || !isCompact(route)) {
      route.compress = false;
      return;
    }
    // Hooks run in this order: the tag is that of the text.
    route.onSend = [addTag, ...[route.onSend ?? []].flat()];
    route.compress = {
      threshold: COMPRESSED_FROM,
      encodings: ['br', 'gzip'],
      brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
    };
  });
  await app.register(compress, { global: false, globalDecompression: false });
}

const isCompact = ({ url, config }: RouteOptions): boolean =>
  /^\/(docs|openapi\.json)/.test(url) || (config?.access !== undefined && config.access !== 'public');

async function addTag(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (request.method !== 'GET' || reply.statusCode !== 200) return payload;
  if (typeof payload !== 'string' || reply.hasHeader('etag')) return payload;
  // Weak: the bytes differ by coding.
  const etag = `W/"${hash('sha256', payload, 'base64url')}"`;
  reply.header('etag', etag);
  if (!isNamed(etag, request.headers['if-none-match'])) return payload;
  reply.status(304).removeHeader('content-type').removeHeader('content-length');
  return '';
}
