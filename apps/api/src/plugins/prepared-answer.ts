import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * A handler whose answer never changes while the process lives. It is written at the first request and has an
 * ETag, so a client that has it gets 304 without a body (RFC 9110, 13.1.2).
 *
 * @param write returns the answer's text
 */
export function preparedAnswer(
  contentType: string,
  write: () => string,
): (request: FastifyRequest, reply: FastifyReply) => FastifyReply {
  let prepared: { body: Buffer; etag: string } | undefined;
  return ({ headers }, reply) => {
    if (!prepared) {
      const body = Buffer.from(write());
      prepared = { body, etag: `"${hash('sha256', body, 'base64url')}"` };
    }
    const { body, etag } = prepared;
    reply.headers({ etag, 'cache-control': 'private, no-cache' });
    if (isNamed(etag, headers['if-none-match'])) return reply.status(304).send();
    return reply.type(contentType).send(body);
  };
}

/** Whether an If-None-Match header names an ETag, by weak comparison (RFC 9110, 8.8.3.2). */
export const isNamed = (etag: string, ifNoneMatch = ''): boolean =>
  ifNoneMatch.split(',').some((one) => {
    const tag = one.trim();
    return tag === '*' || tag.replace(/^W\//, '') === etag.replace(/^W\//, '');
  });
