/**
 * Keywords that look at each part of a value once. Those that are missing here can take much longer than their schema and
 * value are long: patterns backtrack, references come back to themselves, items are compared with each other.
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
 * How many subschemas a JSON Schema has, where checking a value takes no more than that many passes over it. Undefined
 * for every other schema.
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

/** The schemas in the value of a keyword; undefined where it is not known to be harmless. */
function schemasAt(keyword: string, value: unknown): unknown[] | undefined {
  if (PLAIN.has(keyword)) return [];
  if (SCHEMA.has(keyword)) return [value];
  if (SCHEMAS.has(keyword)) return Array.isArray(value) ? value : undefined;
  if (MAPS.has(keyword))
    return value !== null && typeof value === 'object' ? Object.values(value) : undefined;
  return undefined;
}
