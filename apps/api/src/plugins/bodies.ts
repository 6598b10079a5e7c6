import { AppError } from '@agenthook/core';
import { ExactNumber, jsonShape, parseExact, withDoubles } from '@agenthook/json';
import type { TSchema } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { addProblems } from './describe.js';
import { tooLarge } from './problems.js';

/** The body limit of routes without their own `bodyLimit`, in bytes. */
export const BODY_BYTES = 16 * 1024;

/**
 * How deeply a body may nest. JSON Schemas nest twice as deeply as the payloads they describe, which may have
 * 64 levels. A value that nests thousands of levels cannot be serialised.
 */
const MAX_DEPTH = 256;

/**
 * How many members all objects of a body may have together. Parsing and checking more would keep every other
 * caller waiting. An agent with 100 tools has a few thousand.
 */
const MAX_MEMBERS = 30_000;

/** The members of bodies that hold any JSON. */
const ANY_JSON = new Set(['payload', 'arguments', 'answer']);
/** The members of bodies that hold a JSON Schema. */
const JSON_SCHEMAS = new Set(['input_schema', 'output_schema', 'parameters']);

/** The codes that a route with a JSON body may answer because of that body. */
const REFUSALS = [
  'invalid_request',
  'invalid_json',
  'empty_body',
  'payload_too_deep',
  'payload_too_large',
  'unsupported_media_type',
] as const;

/** Parses JSON bodies. Any other type gets 415. Throws `payload_too_deep`, `payload_too_large`. */
export function registerBodies(app: FastifyInstance): void {
  app.addHook('onRoute', ({ schema, bodyLimit = BODY_BYTES }) => {
    const { body, querystring } = (schema ?? {}) as { body?: object; querystring?: object };
    if (!schema?.response) return;
    const response = schema.response as Record<string, TSchema>;
    // A route that describes its body by content types has its own parser and its own refusals.
    const isJson = body !== undefined && !('content' in body);
    if (isJson)
      schema.response = addProblems(response, ...REFUSALS, ['payload_too_large', tooLarge(bodyLimit)]);
    else if (querystring !== undefined) schema.response = addProblems(response, 'invalid_request');
  });
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    const { depth, members, fitsDoubles } = jsonShape(text as string);
    if (depth > MAX_DEPTH)
      return done(new AppError('payload_too_deep', `The body nests deeper than ${MAX_DEPTH} levels.`));
    if (members > MAX_MEMBERS)
      return done(new AppError('payload_too_large', `The body has more than ${MAX_MEMBERS} members.`));
    parse(request, text as string, (error, body) => {
      if (error || fitsDoubles) done(error, body);
      else done(null, withExactJson(parseExact(text as string)));
    });
  });
}

/** A body whose numbers keep their digits in members that hold any JSON. Other numbers are doubles. */
function withExactJson(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(withExactJson);
  if (typeof body !== 'object' || body === null || body instanceof ExactNumber) return withDoubles(body);
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      const isExact = ANY_JSON.has(name) || (JSON_SCHEMAS.has(name) && !(value instanceof ExactNumber));
      return [name, isExact ? value : withExactJson(value)];
    }),
  );
}
