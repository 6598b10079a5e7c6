import * as contracts from '@agenthook/contracts';
import { ERROR_CODES, FAILURE_CODES, SIGNATURE_SCHEMAS, TOOL_SCHEMAS } from '@agenthook/contracts';
import { isJsonObject } from '@agenthook/json';
import { type TSchema, Type, TypeGuard } from '@sinclair/typebox';
import { POINTER, pascal } from './shape-titles.js';

type Json = Record<string, unknown>;
/** The part of a generated description that holds its shapes. */
interface Described {
  components?: { schemas?: Record<string, Json> };
}

/** What a place may say about a shape without changing it. OpenAPI 3.1 takes it beside a reference. */
const ASIDE = ['description', 'default', 'examples'] as const;

interface Part {
  name: string;
  aside: Json;
}

/** A shorter shape reads better where it is used. */
const SHORTEST = 160;

const named = (shapes: Record<string, TSchema>, suffix: string) =>
  Object.entries(shapes).map(([name, shape]) => [`${pascal(name)}${suffix}`, shape] as const);

/** Every shape of the contracts that has a name, but no `$id`, in the order in which names are chosen. */
const PARTS: readonly (readonly [name: string, shape: TSchema])[] = [
  ['ErrorCode', Type.Unsafe({ type: 'string', enum: ERROR_CODES })],
  ['FailureCode', Type.Unsafe({ type: 'string', enum: FAILURE_CODES })],
  ...named(TOOL_SCHEMAS, 'Tool'),
  ...named(SIGNATURE_SCHEMAS, 'Signature'),
  ...Object.entries(contracts as Record<string, unknown>).filter(
    (entry): entry is [string, TSchema] => TypeGuard.IsSchema(entry[1]) && !('$id' in entry[1]),
  ),
];

/** The text of a shape, by which equal shapes are found: in one order, and in the generator's words. */
function textOf(shape: Json): string {
  const rest = { ...shape };
  for (const key of ASIDE) delete rest[key];
  return JSON.stringify(rest, (_key, value: unknown) => (isJsonObject(value) ? generated(value) : value));
}

/** The generator writes `const` as `enum`, and `patternProperties` as `additionalProperties`. */
function generated({ const: only, patternProperties, ...rest }: Json): Json {
  const shape: Json = { ...rest };
  if (only !== undefined) shape.enum = [only];
  if (isJsonObject(patternProperties)) [shape.additionalProperties] = Object.values(patternProperties);
  return Object.fromEntries(Object.entries(shape).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Defines each shape of PARTS once, among the named schemas, and lets everything that uses it refer to it, so
 * that readers and generated clients know it by its name. A shape that is used nowhere gets no name.
 */
export function nameParts(description: Described): void {
  const schemas = description.components?.schemas ?? {};
  const whole = new Set(Object.values(schemas).map(textOf));
  const parts = new Map<string, Part>();
  for (const [name, shape] of PARTS) {
    const plain = JSON.parse(JSON.stringify(shape)) as Json;
    const text = textOf(plain);
    if (text.length < SHORTEST || name in schemas || parts.has(text) || whole.has(text)) continue;
    parts.set(text, { name, aside: aside(plain) });
  }

  const found: Record<string, Json> = {};
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (!isJsonObject(value)) return value;
    const part = mayBeShape(value) ? parts.get(textOf(value)) : undefined;
    return part ? refer(part, value) : within(value);
  };
  const within = (value: Json): Json =>
    Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner)]));
  const refer = (part: Part, place: Json): Json => {
    found[part.name] ??= { ...within(place), ...part.aside };
    const said = Object.entries(aside(place)).filter(([key, text]) => !same(text, part.aside[key]));
    return { $ref: POINTER + part.name, ...Object.fromEntries(said) };
  };

  Object.assign(description, within(description as Json));
  Object.assign(description.components?.schemas ?? {}, found);
}

const aside = (shape: Json): Json =>
  Object.fromEntries(ASIDE.filter((key) => key in shape).map((key) => [key, shape[key]]));
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const mayBeShape = (value: Json) => 'type' in value || 'anyOf' in value || 'oneOf' in value;
