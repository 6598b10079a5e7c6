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
/** Their schema is checked again for each item, member or name. */
const REPEATED = new Set(['items', 'additionalProperties', 'propertyNames', 'contains']);
const SCHEMAS = new Set(['prefixItems', 'allOf', 'anyOf', 'oneOf']);
const MAPS = new Set(['properties', 'dependentSchemas']);
/** Keywords that list values. Checking compares each entry, or reports an error for it. */
const LISTS = ['required', 'enum', 'type'];
/** How many entries of such a list count as one pass, if the list is read once. */
const ENTRIES_A_PASS = 64;
const MAX_DEPTH = 20;

/**
 * How many passes over a value checking it against a JSON Schema takes at most: one for each subschema, and
 * for each entry of a list that is read again for each item. Undefined for a schema that may take more.
 */
export function passesOf(schema: unknown, depth = 0, isRepeated = false): number | undefined {
  if (typeof schema === 'boolean') return 1;
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema) || depth > MAX_DEPTH)
    return undefined;
  let passes = 1;
  for (const [keyword, value] of Object.entries(schema)) {
    const inner = schemasAt(keyword, value);
    if (!inner) return undefined;
    if (LISTS.includes(keyword) && Array.isArray(value))
      passes += Math.floor(value.length / (isRepeated ? 1 : ENTRIES_A_PASS));
    for (const each of inner) {
      const more = passesOf(each, depth + 1, isRepeated || REPEATED.has(keyword));
      if (more === undefined) return undefined;
      passes += more;
    }
  }
  return passes;
}

/** The schemas in a keyword's value; undefined if the keyword may be expensive. */
function schemasAt(keyword: string, value: unknown): unknown[] | undefined {
  if (PLAIN.has(keyword)) return [];
  if (REPEATED.has(keyword) || keyword === 'not') return [value];
  if (SCHEMAS.has(keyword)) return Array.isArray(value) ? value : undefined;
  if (MAPS.has(keyword))
    return value !== null && typeof value === 'object' ? Object.values(value) : undefined;
  return undefined;
}
