import { AppError } from '@agenthook/core';
import type { FastifyInstance } from 'fastify';
import { isDeeperThan } from './values.js';

/** What a route takes that declares no `bodyLimit` of its own, in bytes. */
export const BODY_BYTES = 16 * 1024;

/**
 * How deep a body may nest. JSON Schemas nest twice as deep as the payloads they describe, which may have 64 levels; what
 * nests thousands deep cannot be written as JSON again.
 */
const MAX_DEPTH = 256;

/** Reads JSON, and nothing else: a body of another type is 415. Throws `payload_too_deep`. */
export function registerBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    parse(request, text as string, (error, value) => {
      if (error) return done(error);
      if (isDeeperThan(MAX_DEPTH, value))
        return done(new AppError('payload_too_deep', `The body nests deeper than ${MAX_DEPTH} levels.`));
      done(null, value);
    });
  });
}
