import { ExactNumber } from '@agenthook/json';
import { hasForm } from './tools/schema/keyword-forms.js';
import { VALUES } from './tools/schema/keywords.js';

type Schema = Record<string, unknown>;

/** Keywords that map names chosen by the author to schemas. */
const MAPS = new Set(['properties', '$defs', 'definitions', 'dependentSchemas', 'dependencies']);
const PATTERNS = new Set(['pattern', 'patternProperties']);
/** Names of dialects, without which the schema is read as 2020-12; and of schemas: nothing refers to them. */
const DIALECT = new Set(['$schema', '$vocabulary', '$id', 'id']);
/**
 * Keywords that reject names which no pattern matches. Once the patterns are removed, they would reject too
 * much. They also reject what another part of an `allOf` describes, which generators such as Swashbuckle do
 * not mean.
 */
const CLOSED = new Set(['additionalProperties', 'unevaluatedProperties']);
const DEEPEST = 100;

/**
 * A tool's schema as its arguments are checked against it: without what the called server checks better
 * itself. Patterns are in that server's dialect, which JavaScript may not compile. Several alternatives of
 * `oneOf` often match, because the server tells them apart by a `discriminator`. Below a hundred levels,
 * anything is allowed.
 */
export function argumentSchema(schema: Schema): Schema {
  return lenient(schema, 0) as Schema;
}

/** @param isPart whether it is a part of an `allOf` */
function lenient(schema: unknown, depth: number, isPart = false): unknown {
  if (depth > DEEPEST) return {};
  if (Array.isArray(schema)) return schema.map((each) => lenient(each, depth + 1, isPart));
  if (typeof schema !== 'object' || schema === null || schema instanceof ExactNumber) return schema;
  const isOpen = isPart || Object.hasOwn(schema, 'patternProperties') || Object.hasOwn(schema, 'allOf');
  const { oneOf, ...others } = schema as Schema;
  const result = Object.fromEntries(
    Object.entries(others)
      .filter(
        ([keyword, value]) =>
          hasForm(keyword, value) &&
          !PATTERNS.has(keyword) &&
          !DIALECT.has(keyword) &&
          !(isOpen && CLOSED.has(keyword)),
      )
      .map(([keyword, value]) => [keyword, VALUES.has(keyword) ? value : inner(keyword, value, depth)]),
  );
  if (oneOf === undefined || oneOf === null) return result;
  const anyOf = lenient(oneOf, depth + 1);
  return result.anyOf === undefined ? { ...result, anyOf } : { allOf: [result, { anyOf }] };
}

function inner(keyword: string, value: unknown, depth: number): unknown {
  if (!MAPS.has(keyword) || typeof value !== 'object' || value === null)
    return lenient(value, depth + 1, keyword === 'allOf');
  return Object.fromEntries(
    Object.entries(value).map(([name, schema]) => [name, lenient(schema, depth + 1)]),
  );
}
