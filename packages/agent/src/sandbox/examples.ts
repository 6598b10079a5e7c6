import type { Bounded, Caller } from '@agenthook/bounded';
import { exampleOfSchema } from './example-of-schema.js';

/**
 * Returns an example for a JSON Schema, as JSON; undefined if none was found. Throws VerdictError as
 * exampleOfSchema does.
 */
export type Examples = (schema: Record<string, unknown>, caller: Caller) => Promise<string | undefined>;

/**
 * Creates examples and caches each while its schema is cached; a worker reads each version of an agent once.
 * Failures are retried.
 */
export function createExamples(bounded: Bounded): Examples {
  const known = new WeakMap<object, Promise<string | undefined>>();
  return (schema, caller) => {
    const found = known.get(schema);
    if (found) return found;
    const example = exampleOfSchema(bounded, caller, schema);
    known.set(schema, example);
    example.catch(() => known.delete(schema));
    return example;
  };
}
