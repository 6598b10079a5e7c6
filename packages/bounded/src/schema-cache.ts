import type { ValidateFunction } from 'ajv/dist/2020.js';
import { compileSchema } from './compile-schema.js';

const MAX_SCHEMAS = 500;
/** Limit for the cached schemas' JSON. The compiled form takes about ten times as much. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The outcome of compiling a schema. */
export type Compiled = { validate: ValidateFunction } | { message: string };

/** Compiles schemas and caches the most recently used ones by their JSON. */
export function createSchemaCache(): (json: string) => Compiled {
  const known = new Map<string, Compiled>();
  let bytes = 0;
  const forget = (json: string) => {
    if (known.delete(json)) bytes -= json.length;
  };
  return (json) => {
    const compiled = known.get(json) ?? tryToCompile(json);
    // The most recently used one moves to the end, so the first one is dropped next.
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

/** The compiler's message about a schema; it may quote all of it. */
export const messageOf = (error: unknown): string => (error as Error).message.slice(0, 300);
