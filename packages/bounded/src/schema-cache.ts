import { LRUCache } from 'lru-cache';
import { type Check, compileSchema } from './compile-schema.js';

const MAX_SCHEMAS = 500;
/** Limit for the cached schemas' JSON. The compiled form takes about ten times as much. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The outcome of compiling a schema. */
export type Compiled = { check: Check } | { message: string };

/** Compiles schemas and caches the most recently used ones by their JSON. */
export function createSchemaCache(): (json: string) => Compiled {
  const known = new LRUCache<string, Compiled>({
    max: MAX_SCHEMAS,
    maxSize: MAX_BYTES,
    sizeCalculation: (_compiled, json) => json.length,
  });
  return (json) => {
    const compiled = known.get(json) ?? tryToCompile(json);
    known.set(json, compiled);
    return compiled;
  };
}

function tryToCompile(json: string): Compiled {
  try {
    return { check: compileSchema(json) };
  } catch (error) {
    return { message: messageOf(error) };
  }
}

/** The compiler's message about a schema; it may quote all of it. */
export const messageOf = (error: unknown): string => (error as Error).message.slice(0, 300);
