import type { Bounded, Caller } from '@agenthook/bounded';
import { ExactNumber, isJsonObject } from '@agenthook/json';
import { parseOutput } from '../structured-output.js';
import { VerdictError } from '../verdict.js';

type Schema = Record<string, unknown>;

/** The text in an example if its schema allows any. */
export const EXAMPLE_TEXT = "An example of AgentHook's sandbox: no model was called.";

/** How deep an example nests, and how many items a list has. */
const MAX_DEPTH = 12;
const MAX_ITEMS = 100;
/** How many schemas are visited for one example. References can multiply at each level. */
const MOST_SCHEMAS = 2_000;
/** How many different patterns of a schema are tried. */
const MOST_PATTERNS = 20;

/** Examples by `format` (JSON Schema 2020-12, validation, 7.3). */
const FORMATS: Record<string, string> = {
  'date-time': '2026-01-02T03:04:05Z',
  date: '2026-01-02',
  time: '03:04:05Z',
  duration: 'PT1H',
  email: 'ada@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};
/** One of them matches most patterns that people write. */
const SHORT_TEXTS = [
  'en',
  'en-GB',
  'EUR',
  'example',
  'A',
  'A-1',
  'ABC-123',
  '1',
  '42',
  '1234',
  '1.0.0',
  '#336699',
];

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' || value instanceof ExactNumber ? Number(value) : undefined;

const TEXTS = [EXAMPLE_TEXT, ...SHORT_TEXTS, ...Object.values(FORMATS)];

/**
 * Returns a valid example for a JSON Schema, as JSON, always the same one. It has all properties or, if they
 * conflict, only the required ones. Undefined if no valid example was found. Throws VerdictError if there was
 * no capacity to check it.
 */
export async function exampleOfSchema(
  bounded: Bounded,
  caller: Caller,
  schema: Schema,
): Promise<string | undefined> {
  const textsOf = new Map<string, string[]>();
  for (const pattern of patternsOf(schema)) textsOf.set(pattern, await matching(bounded, caller, pattern));
  for (const isWhole of [true, false]) {
    const build = { root: schema, isWhole, depth: 0, textsOf, left: { schemas: MOST_SCHEMAS } };
    const text = JSON.stringify(exampleFor(schema, build)) ?? 'null';
    if (await fits(bounded, caller, text, schema)) return text;
  }
  return undefined;
}

/** Whether an example validates. If checking takes too long, it does not. */
async function fits(bounded: Bounded, caller: Caller, text: string, schema: Schema): Promise<boolean> {
  try {
    return 'output' in (await parseOutput(bounded, caller, text, schema));
  } catch (error) {
    if (error instanceof VerdictError && !error.verdict.retryable) return false;
    throw error;
  }
}

/** The first few patterns anywhere in a schema. */
function patternsOf(schema: Schema): Set<string> {
  const patterns = new Set<string>();
  const open: unknown[] = [schema];
  for (let seen = 0; open.length > 0 && seen < MOST_SCHEMAS && patterns.size < MOST_PATTERNS; seen++) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (isJsonObject(value) && typeof value.pattern === 'string') patterns.add(value.pattern);
    open.push(...Object.values(value).slice(0, MOST_SCHEMAS));
  }
  return patterns;
}

/** The texts that match a pattern; none if it cannot be tried or takes too long. */
async function matching(bounded: Bounded, caller: Caller, pattern: string): Promise<string[]> {
  const checked = await bounded.check({ items: { pattern } }, TEXTS, caller);
  if (checked.outcome === 'fits') return TEXTS;
  if (checked.outcome !== 'misfit') return [];
  const misfits = new Set(checked.issues.map(({ path }) => path));
  return TEXTS.filter((_, index) => !misfits.has(`/${index}`));
}

/** The state of one example while it is built. */
interface Build {
  root: Schema;
  /** The texts that match each pattern of the schema. */
  textsOf: ReadonlyMap<string, string[]>;
  /** A budget shared by all parts of one example. */
  left: { schemas: number };
  /** Whether optional properties are included. */
  isWhole: boolean;
  depth: number;
}

function exampleFor(given: unknown, build: Build): unknown {
  if (!isJsonObject(given) || build.depth > MAX_DEPTH || build.left.schemas-- <= 0) return null;
  const inner = { ...build, depth: build.depth + 1 };
  const schema = merged(given, inner);
  if ('const' in schema) return schema.const;
  for (const list of [schema.enum, schema.examples])
    if (Array.isArray(list) && list.length > 0) return list[0];
  if ('default' in schema) return schema.default;
  for (const choices of [schema.anyOf, schema.oneOf]) {
    if (!Array.isArray(choices)) continue;
    const chosen = choices.find((choice) => !isJsonObject(choice) || choice.type !== 'null') ?? choices[0];
    const { anyOf: _any, oneOf: _one, ...rest } = schema;
    return exampleFor(isJsonObject(chosen) ? { ...rest, ...chosen } : rest, inner);
  }
  switch (typeOf(schema)) {
    case 'object':
      return objectOf(schema, inner);
    case 'array':
      return arrayOf(schema, inner);
    case 'integer':
    case 'number':
      return numberFor(schema);
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return textFor(schema, build);
  }
}

/** Resolves a schema's references within the document and merges its `allOf`. */
function merged(schema: Schema, build: Build): Schema {
  const { $ref, allOf, ...own } = schema;
  const parts = [
    ...(typeof $ref === 'string' ? [resolved($ref, build.root)] : []),
    ...(Array.isArray(allOf) ? allOf : []),
  ];
  if (parts.length === 0 || build.depth > MAX_DEPTH || build.left.schemas-- <= 0) return own;
  const all = [
    ...parts.filter(isJsonObject).map((part) => merged(part, { ...build, depth: build.depth + 1 })),
    own,
  ];
  const properties = Object.assign({}, ...all.map((part) => part.properties));
  const required = all.flatMap((part) => (Array.isArray(part.required) ? part.required : []));
  return {
    ...Object.assign({}, ...all),
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  };
}

/** Resolves a JSON Pointer in a fragment (RFC 6901, section 6). */
function resolved(ref: string, root: Schema): unknown {
  if (!ref.startsWith('#')) return undefined;
  const steps = decoded(ref.slice(1)).split('/').slice(1);
  return steps
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (at, step) => (isJsonObject(at) && Object.hasOwn(at, step) ? at[step] : undefined),
      root,
    );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function typeOf(schema: Schema): unknown {
  const { type } = schema;
  if (Array.isArray(type)) return type.find((each) => each !== 'null') ?? 'null';
  if (type !== undefined) return type;
  if (isJsonObject(schema.properties) || Array.isArray(schema.required)) return 'object';
  if (schema.items !== undefined || schema.prefixItems !== undefined) return 'array';
  return ['minimum', 'maximum', 'multipleOf'].some((keyword) => keyword in schema) ? 'number' : 'string';
}

function objectOf(schema: Schema, build: Build): Schema {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  const names = new Set(build.isWhole ? [...Object.keys(properties), ...required] : required);
  return Object.fromEntries([...names].map((name) => [name, exampleFor(properties[name] ?? {}, build)]));
}

function arrayOf(schema: Schema, build: Build): unknown[] {
  const prefix = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  const wanted = Math.max(numberOf(schema.minItems) ?? 0, prefix.length, build.isWhole ? 1 : 0);
  const length = Math.min(wanted, numberOf(schema.maxItems) ?? MAX_ITEMS, MAX_ITEMS);
  const choices = isJsonObject(schema.items) && Array.isArray(schema.items.enum) ? schema.items.enum : [];
  return Array.from({ length }, (_, n) =>
    // Different items if there are choices, because they may have to be unique.
    choices.length > 0 && n >= prefix.length
      ? choices[n % choices.length]
      : exampleFor(prefix[n] ?? schema.items ?? {}, build),
  );
}

function numberFor(schema: Schema): number {
  const step = numberOf(schema.multipleOf) ?? (typeOf(schema) === 'integer' ? 1 : 0);
  const above = numberOf(schema.exclusiveMinimum);
  const below = numberOf(schema.exclusiveMaximum);
  const least = Math.max(
    numberOf(schema.minimum) ?? Number.NEGATIVE_INFINITY,
    above ?? Number.NEGATIVE_INFINITY,
  );
  const most = Math.min(
    numberOf(schema.maximum) ?? Number.POSITIVE_INFINITY,
    below ?? Number.POSITIVE_INFINITY,
  );
  const near = Math.min(Math.max(0, least), most);
  const stepped = step > 0 ? Math.ceil(near / step) * step : near;
  if (stepped === above)
    return step > 0 ? stepped + step : Number.isFinite(most) ? (least + most) / 2 : stepped + 1;
  if (stepped < most || (stepped === most && stepped !== below)) return stepped;
  return step > 0
    ? (Math.ceil(most / step) - 1) * step
    : Number.isFinite(least)
      ? (least + most) / 2
      : most - 1;
}

function textFor(schema: Schema, { textsOf }: Build): string {
  const { pattern, format } = schema;
  const least = numberOf(schema.minLength) ?? 0;
  const most = numberOf(schema.maxLength) ?? Number.POSITIVE_INFINITY;
  if (typeof pattern === 'string') {
    const texts = textsOf.get(pattern) ?? [];
    return texts.find((text) => text.length >= least && text.length <= most) ?? '';
  }
  if (typeof format === 'string' && FORMATS[format]) return FORMATS[format];
  const text = EXAMPLE_TEXT.length <= most ? EXAMPLE_TEXT : 'example'.slice(0, most);
  return text.padEnd(Math.min(least, 2_000), '.');
}
