import { ExactNumber } from '@agenthook/json';

type Schema = Record<string, unknown>;

/** Keywords whose values are data, not schemas. */
const VALUES = new Set(['const', 'enum', 'default', 'examples', 'required', 'dependentRequired']);
/** Keywords that map names chosen by the author to schemas. */
const MAPS = new Set(['properties', '$defs', 'definitions', 'dependentSchemas', 'dependencies']);
const PATTERNS = new Set(['pattern', 'patternProperties']);
/** Names of dialects, without which the schema is read as 2020-12. */
const DIALECT = new Set(['$schema', '$vocabulary']);
/**
 * Keywords that reject names which no pattern matches. Once the patterns are removed, they would reject too
 * much.
 */
const CLOSED = new Set(['additionalProperties', 'unevaluatedProperties']);
const DEEPEST = 100;

/**
 * A tool's schema as its arguments are checked against it: without patterns. Patterns are in the dialect of
 * the called server, which JavaScript may not compile, and that server checks them itself. Below a hundred
 * levels, anything is allowed.
 */
export function argumentSchema(schema: Schema): Schema {
  return withoutPatterns(schema, 0) as Schema;
}

function withoutPatterns(schema: unknown, depth: number): unknown {
  if (depth > DEEPEST) return {};
  if (Array.isArray(schema)) return schema.map((each) => withoutPatterns(each, depth + 1));
  if (typeof schema !== 'object' || schema === null || schema instanceof ExactNumber) return schema;
  const hasPatterns = Object.hasOwn(schema, 'patternProperties');
  return Object.fromEntries(
    Object.entries(schema)
      .filter(
        ([keyword]) =>
          !PATTERNS.has(keyword) && !DIALECT.has(keyword) && !(hasPatterns && CLOSED.has(keyword)),
      )
      .map(([keyword, value]) => [keyword, VALUES.has(keyword) ? value : inner(keyword, value, depth)]),
  );
}

function inner(keyword: string, value: unknown, depth: number): unknown {
  if (!MAPS.has(keyword) || typeof value !== 'object' || value === null)
    return withoutPatterns(value, depth + 1);
  return Object.fromEntries(
    Object.entries(value).map(([name, schema]) => [name, withoutPatterns(schema, depth + 1)]),
  );
}
