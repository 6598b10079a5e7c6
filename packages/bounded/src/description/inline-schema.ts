import { isJsonObject } from '@agenthook/json';
import { type Fields, listOf, textOf } from './fields.js';
import type { Document, Library } from './library.js';
import { isNullable, LONGEST_ENUM, plain } from './plain-keywords.js';

/**
 * How many schemas one operation may contain once its references are inlined. Each costs the model 10–30
 * tokens.
 */
const MOST_SCHEMAS = 1_000;
/** Keywords that a schema may have beside a reference whose target has them too. */
const COMBINED = [
  'properties',
  'patternProperties',
  'additionalProperties',
  'required',
  'allOf',
  'anyOf',
  'oneOf',
];
const WITH_SCHEMA = ['items', 'additionalProperties', 'not', 'contains', 'propertyNames'];
const WITH_LIST = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];

/**
 * Returns a function that converts a schema of an OpenAPI description into a self-contained JSON Schema for
 * requests: references are inlined and readOnly properties dropped. A reference to nothing, a schema inside
 * itself, and everything beyond a thousand schemas, becomes a schema that allows anything, because inlining
 * recursive references would never end, and repeated ones would double at each level. All calls of one
 * function share the thousand.
 */
export function createInliner(library: Library): (schema: unknown, at: Document) => Fields {
  let left = MOST_SCHEMAS;

  /** @param hidden of a part of an `allOf`: the names of readOnly properties of all parts */
  function inline(schema: unknown, at: Document, open: readonly unknown[], hidden?: Set<string>): Fields {
    if (!isJsonObject(schema) || left <= 0) return {};
    left--;
    const { $ref, ...own } = schema;
    if (typeof $ref !== 'string') return convert(own, at, open, hidden);
    const found = library.lookUpSchema($ref, at);
    const isCombined = COMBINED.some((key) => own[key] !== undefined);
    const names = hidden ?? (isCombined ? new Set<string>() : undefined);
    const target: Fields = open.includes(found?.value)
      ? { description: `${$ref.split('/').at(-1)}, nested` }
      : found
        ? inline(found.value, found.at, [...open, found.value], names)
        : {};
    // OpenAPI 3.1 allows any keyword beside a reference.
    const beside = convert(own, at, open, names);
    const isBoth = COMBINED.some((key) => beside[key] !== undefined && target[key] !== undefined);
    return isBoth ? { allOf: [target, beside] } : { ...target, ...beside };
  }

  function convert(schema: Fields, at: Document, open: readonly unknown[], given?: Set<string>): Fields {
    const result: Fields = { ...plain(schema) };
    const hidden = given ?? new Set<string>();
    for (const key of WITH_SCHEMA) {
      if (typeof schema[key] === 'boolean') result[key] = schema[key];
      else if (isJsonObject(schema[key])) result[key] = inline(schema[key], at, open);
    }
    for (const key of WITH_LIST) {
      const list = listOf(schema[key]).slice(0, left);
      const names = key === 'allOf' ? hidden : undefined;
      if (list.length === 0) continue;
      const parts = list.map((item) => inline(item, at, open, names));
      result[key] = key === 'allOf' ? parts : parts.map((part, n) => withValue(part, list[n], schema));
    }
    if (isJsonObject(schema.patternProperties)) {
      const patterns = Object.entries(schema.patternProperties).slice(0, left);
      result.patternProperties = Object.fromEntries(
        patterns.map(([pattern, each]) => [pattern, inline(each, at, open)]),
      );
    }
    if (isJsonObject(schema.properties)) {
      // Dropped properties count too, because visiting them also takes time.
      const names = Object.keys(schema.properties).slice(0, left);
      left -= names.length;
      const sent = Object.entries(take(schema.properties, names)).filter(([name, property]) => {
        if (!isReadOnly(property, at)) return true;
        hidden.add(name);
        return false;
      });
      left += sent.length;
      const properties = Object.fromEntries(
        sent.map(([name, property]) => [name, inline(property, at, open)]),
      );
      result.properties = properties;
    }
    // A part may require what another part describes.
    const isPart = given !== undefined || result.allOf !== undefined;
    const described = !isPart && isJsonObject(result.properties) ? result.properties : undefined;
    result.required = namesIn(schema.required).filter((name) => !described || Object.hasOwn(described, name));
    dropRequired(result, hidden);
    if (!isNullable(schema) || result.type !== undefined || !WITH_LIST.some((key) => result[key])) {
      return result;
    }
    // OpenAPI 3.0 says it beside `allOf`, where JSON Schema has an alternative.
    const { description, ...rest } = result;
    return { ...(description !== undefined && { description }), anyOf: [rest, { type: 'null' }] };
  }

  function isReadOnly(property: unknown, at: Document): boolean {
    const found = library.followSchema(property, at);
    return isJsonObject(found?.value) && found.value.readOnly === true;
  }

  return (schema, at) => inline(schema, at, []);
}

/**
 * An alternative with the value of the `discriminator` that chooses it, which its own schema need not tell.
 * https://spec.openapis.org/oas/v3.1.1.html#discriminator-object
 */
function withValue(part: Fields, given: unknown, { discriminator }: Fields): Fields {
  if (!isJsonObject(discriminator) || !isJsonObject(discriminator.mapping) || !isJsonObject(given))
    return part;
  const { propertyName, mapping } = discriminator;
  const reference = textOf(given.$ref);
  if (typeof propertyName !== 'string' || reference === undefined) return part;
  const isThis = (target: unknown) => target === reference || target === reference.split('/').at(-1);
  const values = Object.keys(mapping).filter((value) => isThis(mapping[value]));
  const properties = isJsonObject(part.properties) ? part.properties : {};
  const own = Object.hasOwn(properties, propertyName) ? properties[propertyName] : {};
  const isOpen = isJsonObject(own) && own.enum === undefined && own.const === undefined;
  if (!isOpen || values.length === 0 || values.length > LONGEST_ENUM) return part;
  return { ...part, properties: { ...properties, [propertyName]: { ...own, enum: values } } };
}

/** Removes names from what a schema and its parts require. */
function dropRequired(schema: Fields, names: ReadonlySet<string>): void {
  const required = listOf(schema.required).filter((name) => !names.has(name as string));
  if (required.length > 0) schema.required = required;
  else delete schema.required;
  if (names.size > 0) for (const part of listOf(schema.allOf)) dropRequired(part as Fields, names);
}

const take = (fields: Fields, names: string[]): Fields =>
  Object.fromEntries(names.map((name) => [name, fields[name]]));

/** The leading names of a list that may contain anything. */
const namesIn = (list: unknown): string[] =>
  listOf(list)
    .slice(0, MOST_SCHEMAS)
    .filter((name) => typeof name === 'string');
