import { AgentInput, AgentPatch } from '@agenthook/contracts';
import { Ajv, type ValidateFunction } from 'ajv';
import type { FastifyInstance, FastifySchema } from 'fastify';
import type { FastifyValidationResult } from 'fastify/types/schema.js';
import { hasMoreThan } from './values.js';

const options = {
  strict: false,
  useDefaults: false,
  // Documentation: routes read times themselves.
  formats: { 'date-time': true },
} as const;

/** All faults are looked for in a body of so many values at most; in a larger one, the first alone. */
const MAX_VALUES = 1_000;

/** Compiles at the first call: a third of the time to start went into schemas most of which a process never meets. */
function compileAtFirstUse(ajv: Ajv, schema: FastifySchema): FastifyValidationResult {
  let compiled: ValidateFunction | undefined;
  const validate: FastifyValidationResult = (data) => {
    compiled ??= ajv.compile(schema);
    const isValid = compiled(data);
    validate.errors = compiled.errors ?? null;
    // The function itself would hold them, and with them parts of the request, until its next call.
    compiled.errors = null;
    return isValid;
  };
  return validate;
}

/** Ends at the first fault, so that a request decides no more than where that is; a small body is then told all of its. */
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

/**
 * Bodies are taken as they are: a property that is not known is refused by name rather than dropped, and "3" is not 3.
 * Query strings and paths have only text, so there numbers are read from it, and a list may be one value.
 *
 * Checking ends at the first fault, so it takes no longer than a good request does. Only behind an API key, in a body of
 * no more than 1,000 values, are all faults looked for: forms show each at its field.
 */
export function registerValidation(app: FastifyInstance): void {
  const shapes = [AgentInput, AgentPatch];
  const first = new Ajv({ ...options, discriminator: true }).addSchema(shapes);
  const all = new Ajv({ ...options, discriminator: true, allErrors: true }).addSchema(shapes);
  const fromText = new Ajv({ ...options, coerceTypes: 'array', useDefaults: true });

  const managed = new Set<string>();
  app.addHook('onRoute', ({ method, url, config }) => {
    const { access = 'public' } = config ?? {};
    if (access !== 'public' && access !== 'optional') managed.add(`${method} ${url}`);
  });
  app.setValidatorCompiler<FastifySchema>(({ schema, httpPart, method, url }) => {
    if (httpPart !== 'body') return compileAtFirstUse(fromText, schema);
    const untilFirst = compileAtFirstUse(first, schema);
    return managed.has(`${method} ${url}`)
      ? tellAllOfSmall(untilFirst, compileAtFirstUse(all, schema))
      : untilFirst;
  });
  // Answers are written as the domain made them; their schemas are documentation, held to it by tests.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
}
