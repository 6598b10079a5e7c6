/**
 * Keywords that visit each part of a value once. Others can take much longer than the size of schema and
 * value suggests: patterns backtrack, references recurse, items are compared with each other.
 */
const PLAIN = new Set(
  (
    'type const enum minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems ' +
    'minProperties maxProperties required format title description default examples deprecated readOnly writeOnly ' +
    '$schema $comment'
  ).split(' '),
);
const SCHEMA = new Set(['items', 'additionalProperties', 'not', 'propertyNames', 'contains']);
const SCHEMAS = new Set(['prefixItems', 'allOf', 'anyOf', 'oneOf']);
const MAPS = new Set(['properties', 'dependentSchemas']);
const MAX_DEPTH = 20;

/**
 * The number of subschemas of a JSON Schema, if checking a value takes at most that many passes over it.
 * Undefined for any other schema.
 */
export function passesOf(schema: unknown, depth = 0): number | undefined {
  if (typeof schema === 'boolean') return 1;
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema) || depth > MAX_DEPTH)
    return undefined;
  let passes = 1;
  for (const [keyword, value] of Object.entries(schema)) {
    const inner = schemasAt(keyword, value);
    if (!inner) return undefined;
    for (const each of inner) {
      const more = passesOf(each, depth + 1);
      if (more === undefined) return undefined;
      passes += more;
    }
  }
  return passes;
}

/** The schemas in a keyword's value; undefined if the keyword may be expensive. */
function schemasAt(keyword: string, value: unknown): unknown[] | undefined {
  if (PLAIN.has(keyword)) return [];
  if (SCHEMA.has(keyword)) return [value];
  if (SCHEMAS.has(keyword)) return Array.isArray(value) ? value : undefined;
  if (MAPS.has(keyword))
    return value !== null && typeof value === 'object' ? Object.values(value) : undefined;
  return undefined;
}
