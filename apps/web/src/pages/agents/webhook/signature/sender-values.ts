import type { Sender, Signature } from './use-senders.js';

/** The part of JSON Schema that the configurations of senders use. */
export interface FieldSchema {
  type?: string;
  title?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: string[];
  anyOf?: FieldSchema[];
  minimum?: number;
  maximum?: number;
  properties?: Record<string, FieldSchema>;
  required?: string[];
}

export type FieldKind = 'secret' | 'choice' | 'number' | 'group' | 'text';
export interface Field {
  name: string;
  label: string;
  kind: FieldKind;
  schema: FieldSchema;
  isRequired: boolean;
}

/** What is entered, by field. An empty text means "not given". */
export type Values = { [name: string]: string | number | Values };

/** These have an input of their own, or none. */
const OWN = new Set(['scheme', 'previous_secret']);

function kindOf({ type, enum: options, anyOf }: FieldSchema): FieldKind {
  if (anyOf?.some((option) => option.const === true)) return 'secret';
  if (options) return 'choice';
  return type === 'integer' ? 'number' : type === 'object' ? 'group' : 'text';
}

/** The fields of a form: those that are required first. */
export const fieldsOf = ({ properties = {}, required = [] }: FieldSchema): Field[] =>
  Object.entries(properties)
    .filter(([name]) => !OWN.has(name))
    .map(([name, schema]) => ({
      name,
      label: schema.title ?? name,
      kind: kindOf(schema),
      schema,
      isRequired: required.includes(name),
    }))
    .sort((a, b) => Number(b.isRequired) - Number(a.isRequired));

/** The stored values for editing, never including a secret. */
export function valuesOf(schema: FieldSchema, stored: object | null): Values {
  const given: Record<string, unknown> = { ...stored };
  const entries = fieldsOf(schema).map(({ name, kind, schema: field }): [string, Values[string]] => {
    const value = given[name] ?? field.default;
    if (kind === 'group') return [name, valuesOf(field, (value as object) ?? null)];
    return [name, kind !== 'secret' && (typeof value === 'string' || typeof value === 'number') ? value : ''];
  });
  return Object.fromEntries(entries);
}

/**
 * The fields that were given. A group counts if anything in it differs from a form that nobody has filled in.
 */
function givenIn(schema: FieldSchema, values: Values): Record<string, unknown> {
  const entries = fieldsOf(schema).flatMap(({ name, kind, schema: field }): [string, unknown][] => {
    const value = values[name];
    if (kind === 'secret' || value === undefined || value === '') return [];
    if (typeof value !== 'object') return [[name, value]];
    const isUntouched = JSON.stringify(value) === JSON.stringify(valuesOf(field, null));
    return isUntouched ? [] : [[name, givenIn(field, value)]];
  });
  return Object.fromEntries(entries);
}

/**
 * The signature to save.
 *
 * @param stored the saved signature of this sender; an empty field keeps its secret
 * @param keepPrevious whether a replaced secret stays valid
 */
export function signatureOf(
  { scheme, schema }: Pick<Sender, 'scheme' | 'schema'>,
  values: Values,
  stored: Signature | null,
  keepPrevious: boolean,
): Signature {
  const kept: Record<string, unknown> = { ...stored };
  const secrets = fieldsOf(schema as FieldSchema)
    .filter(({ kind }) => kind === 'secret')
    .flatMap(({ name }): [string, unknown][] => {
      const value = values[name];
      if (value !== '' && value !== undefined) return [[name, value]];
      return kept[name] ? [[name, true]] : [];
    });
  const given = { scheme, ...Object.fromEntries(secrets), ...givenIn(schema as FieldSchema, values) };
  if (!('secret' in given)) return given as Signature;
  // With a new secret, `true` keeps the one that was valid until now.
  const previous =
    given.secret === true ? (kept.previous_secret ?? null) : kept.secret && keepPrevious ? true : null;
  return { ...given, previous_secret: previous } as Signature;
}

/** The first required field that is empty, if a stored secret does not fill it. */
export const missingIn = (schema: FieldSchema, values: Values, stored: object | null): Field | undefined =>
  fieldsOf(schema).find(
    ({ name, kind, isRequired }) =>
      isRequired &&
      values[name] === '' &&
      !(kind === 'secret' && (stored as Record<string, unknown> | null)?.[name]),
  );
