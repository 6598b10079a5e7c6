import { isJsonObject } from '@agenthook/json';

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

/** A map of names with each value changed; any other value as it is. */
export const mapValues = (value: unknown, change: (each: unknown) => unknown): unknown =>
  isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, change(each)]))
    : value;
