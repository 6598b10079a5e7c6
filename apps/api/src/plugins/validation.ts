import { AgentInput, AgentPatch } from '@agenthook/contracts';
import { Ajv } from 'ajv';
import type { FastifyInstance, FastifySchema } from 'fastify';

const options = {
  strict: false,
  allErrors: true,
  useDefaults: false,
  // Documentation: routes read times themselves.
  formats: { 'date-time': true },
} as const;

/**
 * Bodies are taken as they are: a property that is not known is refused by name rather than dropped, and "3" is not 3.
 * Query strings and paths have only text, so there numbers are read from it, and a list may be one value.
 */
export function registerValidation(app: FastifyInstance): void {
  const exact = new Ajv({ ...options, discriminator: true }).addSchema([AgentInput, AgentPatch]);
  const fromText = new Ajv({ ...options, coerceTypes: 'array', useDefaults: true });
  app.setValidatorCompiler<FastifySchema>(({ schema, httpPart }) =>
    (httpPart === 'body' ? exact : fromText).compile(schema),
  );
  // Answers are written as the domain made them; their schemas are documentation, held to it by tests.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
}
