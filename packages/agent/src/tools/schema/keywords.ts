/** Keywords whose values are data, not schemas. */
export const VALUES: ReadonlySet<string> = new Set([
  ...['const', 'enum', 'default', 'examples', 'example', 'required', 'dependentRequired'],
]);
/** Keywords that map names to schemas, beside `properties`. */
export const MAPS: ReadonlySet<string> = new Set([
  '$defs',
  'definitions',
  'patternProperties',
  'dependentSchemas',
]);
