import { cut, type Fields, listOf, textOf } from './fields.js';

const LONGEST_DESCRIPTION = 500; // characters
export const LONGEST_ENUM = 200;
const MOST_TYPES = 10;

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
 * The keywords that contain no schema. Only plain values are copied, because YAML aliases can form cycles.
 */
export function plain(schema: Fields): Fields {
  const result: Fields = {};
  const description = textOf(schema.description) ?? textOf(schema.title);
  if (description !== undefined) result.description = cut(description, LONGEST_DESCRIPTION);
  for (const key of WITH_VALUE) if (isPlain(schema[key])) result[key] = schema[key];
  const types = (typeof schema.type === 'string' ? [schema.type] : listOf(schema.type))
    .slice(0, MOST_TYPES)
    .flatMap((type) => typeOf(type) ?? []);
  if (types.length > 0) result.type = typeof schema.type === 'string' ? types[0] : types;
  const values = listOf(schema.enum)
    .slice(0, LONGEST_ENUM + 1)
    .filter(isPlain);
  if (values.length > 0 && values.length <= LONGEST_ENUM) result.enum = values;
  const format = formatOf(schema);
  if (format !== undefined) result.format ??= format;
  return fromOpenApi30(schema, result);
}

/**
 * How OpenAPI 3.0 says what Swagger 2.0 and OpenAPI 3.1 say of files,
 * https://spec.openapis.org/oas/v3.1.1.html#working-with-binary-data.
 */
function formatOf({ type, contentMediaType, contentEncoding }: Fields): 'binary' | 'byte' | undefined {
  if (typeof contentEncoding === 'string') return 'byte';
  const isFile =
    type === 'file' || (typeof contentMediaType === 'string' && !/json|^text\//i.test(contentMediaType));
  return isFile ? 'binary' : undefined;
}

const TYPES = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);
/** What some descriptions call JSON Schema's types. */
const OTHER_NAMES: Record<string, string> = {
  ...{ int: 'integer', long: 'integer', float: 'number', double: 'number', bool: 'boolean' },
  ...{ file: 'string', date: 'string', datetime: 'string', uuid: 'string' },
};

/** A type of JSON Schema; undefined for a word such as `any`, which a provider would refuse. */
function typeOf(type: unknown): string | undefined {
  const name = String(type).toLowerCase();
  if (TYPES.has(name)) return name;
  return Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined;
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
export const isNullable = (schema: Fields) => schema.nullable === true || schema['x-nullable'] === true;

const isPlain = (value: unknown) =>
  value === null ||
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'string' && value.length <= 500);
