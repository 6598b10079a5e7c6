import type { ValidateFunction } from 'ajv/dist/2020.js';
import { compileSchema } from './compile-schema.js';

const MAX_SCHEMAS = 500;
/** Of JSON; what is compiled from it takes some ten times as much. */
const MAX_BYTES = 4 * 1024 * 1024;

/** What became of compiling a schema. */
export type Compiled = { validate: ValidateFunction } | { message: string };

/** Compiles schemas, and keeps the ones that were used last, by their JSON. */
export function createSchemaCache(): (json: string) => Compiled {
  const known = new Map<string, Compiled>();
  let bytes = 0;
  const forget = (json: string) => {
    if (known.delete(json)) bytes -= json.length;
  };
  return (json) => {
    const compiled = known.get(json) ?? tryToCompile(json);
    // The one used last stands last, so the first is the one to drop.
    forget(json);
    known.set(json, compiled);
    bytes += json.length;
    for (const [oldest] of known) {
      if (known.size <= MAX_SCHEMAS && bytes <= MAX_BYTES) break;
      forget(oldest);
    }
    return compiled;
  };
}

function tryToCompile(json: string): Compiled {
  try {
    return { validate: compileSchema(JSON.parse(json)) };
  } catch (error) {
    return { message: messageOf(error) };
  }
}

/** A schema's fault, in the compiler's words; they may quote all of it. */
export const messageOf = (error: unknown): string => (error as Error).message.slice(0, 300);
