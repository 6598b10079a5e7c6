import { isJsonObject } from '@agenthook/json';
import { cut, type Fields, listOf, textOf } from './fields.js';
import type { Document, Library } from './library.js';

/**
 * How many schemas one operation may contain once its references are inlined. Each costs the model 10–30
 * tokens.
 */
const MOST_SCHEMAS = 1_000;
const LONGEST_DESCRIPTION = 500; // characters
const LONGEST_ENUM = 200;
const MOST_TYPES = 10;

const WITH_SCHEMA = ['items', 'additionalProperties', 'not', 'contains', 'propertyNames'];
const WITH_LIST = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const WITH_VALUE = [
  ...['format', 'pattern', 'minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems', 'minProperties'],
  ...[
    'maxProperties',
    'minimum',
    'maximum',
    'exclusiveMinimum',
    'exclusiveMaximum',
    'multipleOf',
    'const',
    'default',
  ],
];

/**
 * Returns a function that converts a schema of an OpenAPI description into a self-contained JSON Schema for
 * requests: references are inlined and readOnly properties dropped. A schema inside itself, and everything
 * beyond a thousand schemas, becomes a schema that allows anything, because inlining recursive references
 * would never end, and repeated ones would double at each level. All calls of one function share the
 * thousand.
 */
export function createInliner(library: Library): (schema: unknown, at: Document) => Fields {
  let left = MOST_SCHEMAS;

  function inline(schema: unknown, at: Document, open: readonly unknown[]): Fields {
    if (!isJsonObject(schema) || left <= 0) return {};
    left--;
    const { $ref, ...own } = schema;
    if (typeof $ref !== 'string') return convert(own, at, open);
    const found = library.lookUp($ref, at);
    const target = open.includes(found?.value)
      ? { description: `${$ref.split('/').at(-1)}, nested` }
      : found
        ? inline(found.value, found.at, [...open, found.value])
        : {};
    // OpenAPI 3.1 allows a description beside a reference.
    return { ...target, ...convert(own, at, open) };
  }

  function convert(schema: Fields, at: Document, open: readonly unknown[]): Fields {
    const result: Fields = { ...plain(schema) };
    for (const key of WITH_SCHEMA) {
      if (typeof schema[key] === 'boolean') result[key] = schema[key];
      else if (isJsonObject(schema[key])) result[key] = inline(schema[key], at, open);
    }
    for (const key of WITH_LIST) {
      const list = listOf(schema[key]).slice(0, left);
      if (list.length > 0) result[key] = list.map((item) => inline(item, at, open));
    }
    if (isJsonObject(schema.properties)) {
      // Dropped properties count too, because visiting them also takes time.
      const names = Object.keys(schema.properties).slice(0, left);
      left -= names.length;
      const sent = Object.entries(take(schema.properties, names)).filter(
        ([, property]) => !isReadOnly(property, at),
      );
      left += sent.length;
      const properties = Object.fromEntries(
        sent.map(([name, property]) => [name, inline(property, at, open)]),
      );
      result.properties = properties;
      result.required = namesIn(schema.required).filter((name) => Object.hasOwn(properties, name));
    } else if (Array.isArray(schema.required)) {
      result.required = namesIn(schema.required);
    }
    if (listOf(result.required).length === 0) delete result.required;
    if (!isNullable(schema) || result.type !== undefined || !WITH_LIST.some((key) => result[key])) {
      return result;
    }
    // OpenAPI 3.0 says it beside `allOf`, where JSON Schema has an alternative.
    const { description, ...rest } = result;
    return { ...(description !== undefined && { description }), anyOf: [rest, { type: 'null' }] };
  }

  function isReadOnly(property: unknown, at: Document): boolean {
    const found = library.follow(property, at);
    return isJsonObject(found?.value) && found.value.readOnly === true;
  }

  return (schema, at) => inline(schema, at, []);
}

/**
 * The keywords that contain no schema. Only plain values are copied, because YAML aliases can form cycles.
 */
function plain(schema: Fields): Fields {
  const result: Fields = {};
  const description = textOf(schema.description) ?? textOf(schema.title);
  if (description !== undefined) result.description = cut(description, LONGEST_DESCRIPTION);
  for (const key of WITH_VALUE) if (isPlain(schema[key])) result[key] = schema[key];
  const type =
    typeof schema.type === 'string' ? schema.type : listOf(schema.type).slice(0, MOST_TYPES).filter(isPlain);
  if (type.length > 0) result.type = type;
  const values = listOf(schema.enum)
    .slice(0, LONGEST_ENUM + 1)
    .filter(isPlain);
  if (values.length > 0 && values.length <= LONGEST_ENUM) result.enum = values;
  return fromOpenApi30(schema, result);
}

/**
 * Converts what OpenAPI 3.0 expresses differently from JSON Schema 2020-12,
 * https://spec.openapis.org/oas/v3.0.4.html#schema-object.
 */
function fromOpenApi30(schema: Fields, result: Fields): Fields {
  for (const [bound, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    if (typeof schema[exclusive] !== 'boolean') continue;
    delete result[exclusive];
    if (!schema[exclusive] || typeof schema[bound] !== 'number') continue;
    result[exclusive] = schema[bound];
    delete result[bound];
  }
  if (isNullable(schema)) {
    if (typeof result.type === 'string') result.type = [result.type, 'null'];
    if (Array.isArray(result.enum) && !result.enum.includes(null)) result.enum = [...result.enum, null];
  }
  return result;
}

/** Swagger 2.0 has no word of its own for it. */
const isNullable = (schema: Fields) => schema.nullable === true || schema['x-nullable'] === true;

const take = (fields: Fields, names: string[]): Fields =>
  Object.fromEntries(names.map((name) => [name, fields[name]]));

/** The leading names of a list that may contain anything. */
const namesIn = (list: unknown): string[] =>
  listOf(list)
    .slice(0, MOST_SCHEMAS)
    .filter((name) => typeof name === 'string');

const isPlain = (value: unknown) =>
  value === null ||
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'string' && value.length <= 500);
