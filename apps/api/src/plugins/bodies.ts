import { AppError } from '@agenthook/core';
import type { FastifyInstance } from 'fastify';
import { isDeeperThan } from './values.js';

/** The body limit of routes without their own `bodyLimit`, in bytes. */
export const BODY_BYTES = 16 * 1024;

/**
 * How deeply a body may nest. JSON Schemas nest twice as deeply as the payloads they describe, which may have
 * 64 levels. A value that nests thousands of levels cannot be serialised.
 */
const MAX_DEPTH = 256;

/** Parses JSON bodies. Any other type gets 415. Throws `payload_too_deep`. */
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
