import { isJsonObject } from '@agenthook/json';

type Fields = Record<string, unknown>;

const TYPES = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);
const WITH_SCHEMA = [
  ...['additionalProperties', 'unevaluatedProperties', 'contains', 'not', 'propertyNames'],
  ...['if', 'then', 'else', 'additionalItems', 'unevaluatedItems'],
];
const WITH_LIST = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const WITH_MAP = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];
/** Deeper than any schema that a model reads. */
const DEEPEST = 60;
/** How many schemas are read. The rest is assumed to be right. */
const MOST_READ = 5_000;

/**
 * Why a value is not a JSON Schema that a provider accepts, judged by its form; undefined if it is one. A
 * provider refuses the whole request because of one such schema. A keyword that is null is not sent.
 */
export function schemaProblem(schema: unknown): string | undefined {
  const reading = { left: MOST_READ };
  return problemOf(schema, '', 0, reading);
}

function problemOf(
  schema: unknown,
  at: string,
  depth: number,
  reading: { left: number },
): string | undefined {
  if (typeof schema === 'boolean' || reading.left-- <= 0) return undefined;
  if (!isJsonObject(schema)) return `its schema has ${nameOf(schema)} at ${at || '/'} instead of a schema`;
  if (depth > DEEPEST) return `its schema nests deeper than ${DEEPEST} levels`;
  const own = ownProblem(schema, at);
  if (own !== undefined) return own;
  for (const [key, child, name] of childrenOf(schema)) {
    const problem = problemOf(
      child,
      `${at}/${key}${name === undefined ? '' : `/${name.slice(0, 100)}`}`,
      depth + 1,
      reading,
    );
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function ownProblem(schema: Fields, at: string): string | undefined {
  const wrong = (key: string) => `its schema has ${nameOf(schema[key])} at ${at}/${key}`;
  const { type, required, enum: values, $ref } = schema;
  const types = Array.isArray(type) ? type : [type];
  if (isGiven(type) && (types.length === 0 || !types.every((each) => TYPES.has(each as string)))) {
    return wrong('type');
  }
  if (isGiven(required) && !isListOf(required, 'string')) return wrong('required');
  if (isGiven(values) && !Array.isArray(values)) return wrong('enum');
  if (isGiven($ref) && typeof $ref !== 'string') return wrong('$ref');
  const list = WITH_LIST.find((key) => isGiven(schema[key]) && !Array.isArray(schema[key]));
  if (list !== undefined) return wrong(list);
  const map = WITH_MAP.find((key) => isGiven(schema[key]) && !isJsonObject(schema[key]));
  return map === undefined ? undefined : wrong(map);
}

/** The schemas within a schema, with their keyword and name. */
function* childrenOf(schema: Fields): Generator<[keyword: string, schema: unknown, name?: string]> {
  for (const key of WITH_SCHEMA) if (isGiven(schema[key])) yield [key, schema[key]];
  for (const key of [...WITH_LIST, 'items']) {
    const value = schema[key];
    if (Array.isArray(value)) for (const [index, each] of value.entries()) yield [key, each, String(index)];
    else if (isGiven(value)) yield [key, value];
  }
  for (const key of WITH_MAP) {
    for (const [name, each] of Object.entries(schema[key] ?? {})) yield [key, each, name];
  }
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

const isListOf = (value: unknown, type: string) =>
  Array.isArray(value) && value.every((each) => typeof each === type);

const nameOf = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};
