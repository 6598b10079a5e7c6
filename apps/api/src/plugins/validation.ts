import { AgentInput, AgentPatch } from '@agenthook/contracts';
import { Ajv, type ValidateFunction } from 'ajv';
import type { FastifyInstance, FastifySchema } from 'fastify';
import type { FastifyValidationResult } from 'fastify/types/schema.js';

const options = {
  strict: false,
  allErrors: true,
  useDefaults: false,
  // Documentation: routes read times themselves.
  formats: { 'date-time': true },
} as const;

/** A third of the time to start went into compiling schemas, most of which a process never meets. */
function compileAtFirstUse(ajv: Ajv, schema: FastifySchema): FastifyValidationResult {
  let compiled: ValidateFunction | undefined;
  const validate: FastifyValidationResult = (data) => {
    compiled ??= ajv.compile(schema);
    const isValid = compiled(data);
    validate.errors = compiled.errors ?? null;
    return isValid;
  };
  return validate;
}

/**
 * Bodies are taken as they are: a property that is not known is refused by name rather than dropped, and "3" is not 3.
 * Query strings and paths have only text, so there numbers are read from it, and a list may be one value.
 */
export function registerValidation(app: FastifyInstance): void {
  const exact = new Ajv({ ...options, discriminator: true }).addSchema([AgentInput, AgentPatch]);
  const fromText = new Ajv({ ...options, coerceTypes: 'array', useDefaults: true });
  app.setValidatorCompiler<FastifySchema>(({ schema, httpPart }) =>
    compileAtFirstUse(httpPart === 'body' ? exact : fromText, schema),
  );
  // Answers are written as the domain made them; their schemas are documentation, held to it by tests.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
}
