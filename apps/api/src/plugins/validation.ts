import {
  AgentInput,
  AgentPatch,
  AlertRulePatch,
  BulkInput,
  NotifyChannelPatch,
  PauseInput,
  ResumeInput,
  ToolCheckBody,
} from '@agenthook/contracts';
import { Ajv, type Options, type ValidateFunction } from 'ajv';
import type { FastifyInstance, FastifySchema } from 'fastify';
import type { FastifyValidationResult } from 'fastify/types/schema.js';
import { addLazyUnions, withLazyUnions } from './lazy-unions.js';
import { hasMoreThan } from './values.js';

const options = {
  strict: false,
  useDefaults: false,
  // Only documentation: routes parse times themselves.
  formats: { 'date-time': true },
  // The schemas are ours, and a test checks them. Checking them here takes a sixth of a start.
  meta: false,
  validateSchema: false,
  // A pass over the code of a large schema leaves much garbage, and V8 optimises that code anyway.
  code: { optimize: false },
} as const;

const NO_QUERY = { type: 'object', properties: {} };
const KNOWN_ONLY = { additionalProperties: false };

/** Up to this many values, all errors in a body are reported; in a larger body, only the first. */
const MAX_VALUES = 1_000;

/** The shapes of bodies that others refer to. */
const SHAPES = [
  ...[AgentInput, AgentPatch, AlertRulePatch, BulkInput, NotifyChannelPatch, PauseInput, ResumeInput],
  ToolCheckBody,
];

/** A compiler that is made at its first use, and knows `shapes`. */
function compilerOf(own: Options, shapes: object[] = []): () => Ajv {
  let compiler: Ajv | undefined;
  return () => {
    compiler ??= addLazyUnions(new Ajv({ ...options, ...own })).addSchema(shapes.map(withLazyUnions));
    return compiler;
  };
}

/**
 * Compiles a schema at its first use. Compiling all of them took a third of the startup time, and most are
 * never used.
 */
function compileAtFirstUse(compiler: () => Ajv, schema: FastifySchema): FastifyValidationResult {
  let compiled: ValidateFunction | undefined;
  const validate: FastifyValidationResult = (data) => {
    compiled ??= compiler().compile(withLazyUnions(schema));
    const isValid = compiled(data);
    validate.errors = compiled.errors ?? null;
    // Otherwise the function would keep the errors, and with them parts of the request, until its next call.
    compiled.errors = null;
    return isValid;
  };
  return validate;
}

/**
 * Validates up to the first error, so that the request does not decide how long that takes. Then collects all
 * errors if the body is small.
 */
function tellAllOfSmall(
  first: FastifyValidationResult,
  all: FastifyValidationResult,
): FastifyValidationResult {
  const validate: FastifyValidationResult = (data) => {
    const isValid = first(data);
    const isTold = isValid || hasMoreThan(MAX_VALUES, data) || all(data);
    validate.errors = (isTold ? first : all).errors ?? null;
    return isValid;
  };
  return validate;
}

/** Whether other systems get the URL, and may add a query of their own: webhooks and callbacks of tools. */
const isOfOthers = (url: string): boolean => url.includes('/:token');

/**
 * Bodies are not coerced: an unknown property is an error rather than dropped, and "3" is not 3. Query
 * strings and paths contain only text, so their numbers are parsed, and a list may be a single value. An
 * unknown query parameter is an error too, except in URLs that other systems call.
 *
 * Validation stops at the first error, so it takes no longer than for a valid request. All errors are
 * collected only behind an API key and in a body of at most 1,000 values, so that forms can show each at its
 * field.
 */
export function registerValidation(app: FastifyInstance): void {
  const first = compilerOf({}, SHAPES);
  const all = compilerOf({ allErrors: true }, SHAPES);
  const fromText = compilerOf({ coerceTypes: 'array', useDefaults: true });

  const managed = new Set<string>();
  app.addHook('onRoute', (route) => {
    const { method, url, config, schema } = route;
    const { access = 'public' } = config ?? {};
    const isManaged = access !== 'public' && access !== 'optional';
    if (isManaged) managed.add(`${method} ${url}`);
    if (method === 'OPTIONS' || !(isManaged || url.startsWith('/api/')) || isOfOthers(url)) return;
    // A mistyped filter would otherwise return everything.
    route.schema = { ...schema, querystring: { ...(schema?.querystring ?? NO_QUERY), ...KNOWN_ONLY } };
  });
  app.setValidatorCompiler<FastifySchema>(({ schema, httpPart, method, url }) => {
    if (httpPart !== 'body') return compileAtFirstUse(fromText, schema);
    const untilFirst = compileAtFirstUse(first, schema);
    return managed.has(`${method} ${url}`)
      ? tellAllOfSmall(untilFirst, compileAtFirstUse(all, schema))
      : untilFirst;
  });
  // Answers are serialised as the domain built them. Their schemas are documentation, which tests check.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
}
