import { isJsonObject } from '@agenthook/json';

/** Where a stored value does not have the form that this version knows. */
export interface Fault {
  /** JSON Pointer. */
  path: string;
  message: string;
}

/** The parts of JSON Schema that describe a form. */
interface Shape {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Shape[];
  oneOf?: Shape[];
  discriminator?: { propertyName: string };
  items?: Shape;
  properties?: Record<string, Shape>;
  required?: string[];
  patternProperties?: object;
  additionalProperties?: boolean | Shape;
}

const TESTS: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: Array.isArray,
  object: isJsonObject,
  // A number that kept its digits is an object.
  number: (value) => typeof value === 'number' || (typeof value === 'object' && !isPlain(value)),
  integer: (value) => typeof value === 'number' || (typeof value === 'object' && !isPlain(value)),
};
const isPlain = (value: unknown): boolean => value === null || Array.isArray(value) || isJsonObject(value);

/**
 * Where a value differs in form from a schema: other types, unknown variants, missing and unknown fields.
 * Lengths, ranges and patterns do not count, because a stored value was valid when it was saved. The schema
 * is ours, so its depth bounds the work.
 */
export function shapeFaults(schema: object, value: unknown, path: string): Fault[] {
  const shape = schema as Shape;
  if (shape.const !== undefined && value !== shape.const) return [{ path, message: `is not ${shape.const}` }];
  if (shape.enum && !shape.enum.includes(value))
    return [{ path, message: `has the unknown value ${shown(value)}` }];
  if (shape.discriminator) return variantFaults(shape, shape.discriminator.propertyName, value, path);
  if (shape.anyOf) return anyFaults(shape.anyOf, value, path);
  const test = shape.type === undefined ? undefined : TESTS[shape.type];
  if (test && !test(value)) return [{ path, message: `is no ${shape.type}` }];
  if (shape.items && Array.isArray(value)) {
    const { items } = shape;
    return value.flatMap((item, n) => shapeFaults(items, item, `${path}/${n}`));
  }
  return isJsonObject(value) ? fieldFaults(shape, value, path) : [];
}

function variantFaults(shape: Shape, name: string, value: unknown, path: string): Fault[] {
  if (!isJsonObject(value)) return [{ path, message: 'is no object' }];
  const variant = shape.oneOf?.find((one) => one.properties?.[name]?.const === value[name]);
  if (variant) return shapeFaults(variant, value, path);
  return [{ path: `${path}/${name}`, message: `has the unknown value ${shown(value[name])}` }];
}

/** The faults of the variant that fits best: none, or those of the one with the right type. */
function anyFaults(variants: readonly Shape[], value: unknown, path: string): Fault[] {
  let best: Fault[] | undefined;
  for (const variant of variants) {
    const faults = shapeFaults(variant, value, path);
    if (faults.length === 0) return [];
    if (!best || faults.every((fault) => fault.path !== path)) best = faults;
  }
  return best ?? [];
}

function fieldFaults(
  { properties = {}, required = [], patternProperties, additionalProperties }: Shape,
  value: Record<string, unknown>,
  path: string,
): Fault[] {
  const missing = required.filter((name) => value[name] === undefined);
  const faults = missing.map((name) => ({ path: `${path}/${name}`, message: 'is missing' }));
  for (const [name, field] of Object.entries(value)) {
    const known = properties[name];
    if (known) faults.push(...shapeFaults(known, field, `${path}/${name}`));
    else if (additionalProperties === false && !patternProperties && !isEmpty(field))
      faults.push({ path: `${path}/${escaped(name)}`, message: 'is not known to this version' });
  }
  return faults;
}

/** Whether a field of a later version says nothing. */
export const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === false ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** A name as a part of a JSON Pointer, cut: a stored name may have any length. */
export const escaped = (name: string): string =>
  name.slice(0, 60).replaceAll('~', '~0').replaceAll('/', '~1');

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'none').slice(0, 60);
