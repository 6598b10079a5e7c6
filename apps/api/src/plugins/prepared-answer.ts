import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * A handler whose answer stays the same while the process lives: written at its first request, and named by an ETag, so
 * that who has it is answered 304 without it (RFC 9110, 13.1.2).
 *
 * @param write the answer's text
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

const isNamed = (etag: string, ifNoneMatch = ''): boolean =>
  ifNoneMatch.split(',').some((one) => {
    const tag = one.trim();
    return tag === '*' || tag === etag || tag === `W/${etag}`;
  });
