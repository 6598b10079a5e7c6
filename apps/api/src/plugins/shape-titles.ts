import { isJsonObject } from '@agenthook/json';

/** Where a description keeps its named shapes. */
export const POINTER = '#/components/schemas/';

type Json = Record<string, unknown>;
type Schemas = Record<string, Json>;

export const pascal = (name: string): string =>
  name.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9]?)/g, (_, letter: string) => letter.toUpperCase());

/** What tells a member of a union from the others: the one value that a field of it may have. */
function tagOf(member: Json, index: number): string {
  for (const field of Object.values(isJsonObject(member.properties) ? member.properties : {}))
    if (isJsonObject(field) && Array.isArray(field.enum) && field.enum.length === 1)
      return pascal(`${field.enum[0]}`);
  return `${index + 1}`;
}

/**
 * Gives each object inside the named shapes a title after the fields that lead to it, and makes each object
 * that is a member of a union a named shape. Generated clients name their classes after titles, and cannot
 * read every object inside a union.
 */
export function titleShapes(schemas: Schemas): void {
  const visit = (shape: unknown, name: string): void => {
    if (!isJsonObject(shape)) return;
    const { properties, items, additionalProperties } = shape;
    if (isJsonObject(properties)) shape.title = name;
    for (const [field, of] of Object.entries(isJsonObject(properties) ? properties : {}))
      visit(of, name + pascal(field));
    visit(items, `${name}Item`);
    visit(additionalProperties, `${name}Value`);
    for (const key of ['anyOf', 'oneOf'] as const)
      if (Array.isArray(shape[key])) shape[key] = shape[key].map((member, i) => named(member, name, i));
  };
  const named = (member: unknown, union: string, index: number): unknown => {
    if (!isJsonObject(member) || !isJsonObject(member.properties)) {
      visit(member, `${union}${index + 1}`);
      return member;
    }
    const name = union + tagOf(member, index);
    if (name in schemas) throw new Error(`two shapes are called ${name}`);
    schemas[name] = member;
    visit(member, name);
    return { $ref: POINTER + name };
  };
  for (const [name, schema] of Object.entries(schemas)) visit(schema, name);
  addMappings(schemas, schemas);
}

/** Tells each discriminator which of its values stands for which named shape. */
function addMappings(value: unknown, schemas: Schemas): void {
  if (Array.isArray(value)) for (const inner of value) addMappings(inner, schemas);
  if (!isJsonObject(value)) return;
  for (const inner of Object.values(value)) addMappings(inner, schemas);
  const { discriminator, oneOf } = value;
  if (!isJsonObject(discriminator) || !Array.isArray(oneOf)) return;
  discriminator.mapping = Object.fromEntries(
    (oneOf as { $ref: string }[]).map(({ $ref }) => {
      const { properties } = schemas[$ref.slice(POINTER.length)] as { properties: Record<string, Json> };
      const tag = properties[`${discriminator.propertyName}`] as { enum: [string] };
      return [tag.enum[0], $ref];
    }),
  );
}
