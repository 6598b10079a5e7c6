import type { Bounded, Caller } from '@agenthook/bounded';
import { exampleOfSchema } from './example-of-schema.js';

/** An example of a JSON Schema, as JSON; undefined where none was found. Throws VerdictError as exampleOfSchema does. */
export type Examples = (schema: Record<string, unknown>, caller: Caller) => Promise<string | undefined>;

/**
 * Makes examples and keeps each for as long as its schema is kept: a worker reads a version of an agent once. One that could
 * not be made is tried again.
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
